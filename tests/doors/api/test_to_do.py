"""What needs a person, as programs of operators read it (product.md G2)."""

from tests.doors.api.programs import program, token_of
from tests.doors.web.web_customer import WebCustomer

from instroom.flow import find
from instroom.flow.connections import connections
from instroom.store.models import User


def test_programs_of_operators_read_what_there_is_to_do(customer: WebCustomer, other_customer: WebCustomer) -> None:
    ons, by = find.customer("ons"), find.user("ons-operator")
    connections.pause(connections.add("nacht", ons, by=by), by=by)
    client = program(token_of(customer, "operator", "configure"))
    found = client.get("/api/v1/customers/ons/to-do?lang=nl&limit=1").json()
    (thing,) = found["to_do"]
    assert (thing["kind"], thing["severity"], thing["since"]) == ("no-approver", "warning", None)
    assert thing["page"].endswith("/customers/ons/users")
    User.objects.update(email="iemand@voorbeeld.example")
    (thing,) = client.get("/api/v1/customers/ons/to-do?lang=nl").json()["to_do"]
    assert (thing["message"], thing["action"]) == ("Koppeling nacht is gepauzeerd", "Hervat de koppeling")
    assert found["next"] is not None
    assert client.get("/api/v1/customers/ander/to-do").status_code == 404
