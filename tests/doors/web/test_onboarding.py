"""A new customer: from its name to its first import, by what the page says."""

import re

import pytest
from django.test import Client
from tests.doors.web.test_connections import FORM
from tests.doors.web.web_customer import ANNA, PASSWORD, WebCustomer, with_password

from instroom.flow import find
from instroom.flow.file_server import accounts
from instroom.flow.file_server.account_sign_in import sign_in
from instroom.flow.names import proposed_name
from instroom.flow.queries.onboarding import Step, onboarding
from instroom.store.models import Connection, Customer, FileAccount, Role, User

FOUR = {"file_name": "personen_{date}.csv", "account": "+", "new_account": "ons-hr", "kind": "daily", "at": "01:00",
        "zone": "Europe/Amsterdam", "layout": "standard/1", "late_after": "60", "missing_after": "360",
        "on_late": "take", "on_closed": "skip"}  # fmt: skip


@pytest.fixture
def operator(customer: WebCustomer) -> Client:
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    return with_password(customer, "operator")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Zorggroep De Linde B.V.", "zorggroep-de-linde-b-v"),
        ("  Café Zoë & Co.  ", "cafe-zoe-co"),
        ("A" * 59 + " BV", "a" * 59),
        ("日本", ""),
    ],
)
def test_a_short_name_is_proposed(title: str, name: str) -> None:
    assert proposed_name(title) == name


def test_a_new_customer_is_led_to_its_first_import(operator: Client, customer: WebCustomer) -> None:
    added = operator.post("/operator/customers/add", {"title": "Zorggroep De Linde", "name": ""})
    assert added.headers["Location"] == "/customers/zorggroep-de-linde/begin"
    page = operator.get(added.headers["Location"]).content.decode()
    assert re.findall(r"<li class=\"card( done)?\">", page) == [" done", "", "", "", "", ""]
    for link in ("users", "contact", "add-connection", "templates", "deliver", "deliveries"):
        assert f'href="/customers/zorggroep-de-linde/{link}"' in page
    home = operator.get("/customers/zorggroep-de-linde").content.decode()
    assert "5 of the 6 steps are left" in home and "<strong>Invite people</strong>" in re.sub(
        r"\s+(?=<)|(?<=>)\s+", "", home
    )


def test_each_step_is_seen_from_what_there_is(customer: WebCustomer) -> None:
    ons = find.customer("ons")

    def left() -> list[str]:
        return [str(step) for step in onboarding(ons).left]

    Role.objects.exclude(name=Role.OPERATOR).delete()
    assert left() == ["people", "way", "connection", "file", "approval"]
    Role.objects.create(customer=ons, user=find.user("ons-supplier"), name=Role.SUPPLIER)
    accounts.add("hr", ons, "een-lang-woord-7", by=find.user("ons-operator"))
    assert left() == ["connection", "file", "approval"]
    customer.deliver(ANNA)
    assert left() == ["approval"]
    Role.objects.create(customer=ons, user=find.user("ons-approver"), name=Role.APPROVER)
    customer.import_in_live(ANNA | {"PersoonVoornaam": "Aafje"})
    assert onboarding(ons).done == set(Step)
    assert "steps are left" not in customer.signed_in("operator").get("/customers/ons").content.decode()


def test_a_connection_and_its_account_are_made_in_one_form(operator: Client) -> None:
    form = operator.get("/customers/ons/add-connection").content.decode()
    assert '<option value="+"' in form and 'name="new_account" value="ons"' in form
    assert '<details class="agreements" >' in form and "late after 60 minutes" in form
    page = operator.post("/customers/ons/add-connection", FOUR).content.decode()
    one = Connection.objects.select_related("account").get()
    assert (one.name, one.account.name if one.account else "") == ("personen", "ons-hr")
    (password,) = re.findall(r'id="new-password" tabindex="0">([^<]+)<', page)
    assert sign_in("ons-hr", password, "192.0.2.1", tls=True)


@pytest.mark.parametrize("wrong", [{"new_account": "Met spatie"}, {"file_name": ""}, {"layout": "nergens/1"}])
def test_neither_is_made_where_one_cannot_be(operator: Client, wrong: dict[str, str]) -> None:
    answer = operator.post("/customers/ons/add-connection", FOUR | wrong)
    assert answer.status_code == 400 and 'role="alert"' in answer.content.decode()
    assert not Connection.objects.exists() and not FileAccount.objects.exists()


def test_an_account_of_another_customer_is_not_taken_and_that_is_counted(
    operator: Client, other_customer: WebCustomer
) -> None:
    accounts.add("ons-hr", find.customer("ander"), "een-lang-woord-7", by=find.user("ander-operator"))
    assert operator.post("/customers/ons/add-connection", FOUR).status_code == 400
    assert not Connection.objects.exists()
    assert FileAccount.objects.get().customer == Customer.objects.get(name="ander")


def test_a_relaxed_safeguard_is_decided_on_before_the_account_is_made(operator: Client) -> None:
    asked = {**FORM, **FOUR, "standing": "on"}
    del asked["proof"]
    page = operator.post("/customers/ons/add-connection", asked).content.decode()
    assert "Relax these safeguards" in page and 'name="new_account" value="ons-hr"' in page
    assert not FileAccount.objects.exists()
    assert operator.post("/customers/ons/add-connection", {**asked, "proof": PASSWORD}).status_code == 200
    assert Connection.objects.get().standing_by is not None
