"""What plans did to dossiers, as the guards of a standing approval look at it: on both databases."""

from tests.contracts.customer import SampleCustomer, company, person

from instroom.store.models import Plan
from instroom.store.sql.plans import latest_touches, load_changes


def test_each_thing_that_was_done_to_a_dossier_has_the_last_plan_that_did_it() -> None:
    customer = SampleCustomer()
    firm = company("1", name="Een BV")
    files = [
        [person("1") | firm, person("2")],
        [person("1", job="Kok") | firm, person("2", email="2@voorbeeld.example")],
        [person("1", job="Bakker"), person("2", job="Kok")],
    ]
    imports = [customer.import_(rows) for rows in files]
    plans = [Plan.objects.get(delivery=one, environment__name="live") for one in reversed(imports)]
    dossiers = {one.dossier: one.extern_id for one in load_changes(plans[-1]) if one.kind == "person"}
    touches = latest_touches([plan.pk for plan in plans])
    assert sorted((place, dossiers[id_], *rest) for place, id_, *rest in touches if id_ in dossiers) == [
        (0, "1", "changed", "unlinked", False),
        (0, "2", "changed", "", False),
        (1, "1", "changed", "", False),
        (1, "2", "changed", "", True),
        (2, "1", "new", "linked", False),
        (2, "2", "new", "", False),
    ]
    assert latest_touches([]) == []
