"""An operator in a real browser takes a new customer to its connection, by what the pages propose."""

import pytest
from playwright.sync_api import expect
from tests.doors.web.web_customer import WebCustomer
from tests.journeys.steps import SignIn

from instroom.store.models import Connection, User

pytestmark = pytest.mark.slow


def test_a_customer_is_made_and_its_connection_with_an_account(customer: WebCustomer, sign_in: SignIn) -> None:
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    page = sign_in("operator")
    page.goto(page.url.partition("/customers")[0] + "/operator/customers/add")
    page.get_by_label("Naam van de klant").fill("Zorggroep Zoë & Co")
    expect(page.get_by_label("Korte naam")).to_have_value("zorggroep-zoe-co")
    page.get_by_role("button", name="Toevoegen", exact=True).click()
    expect(page.locator("h1")).to_have_text("Aan de slag met Zorggroep Zoë & Co")
    page.get_by_role("link", name="Koppeling en account maken").click()
    new_name = page.get_by_label("Naam van het nieuwe account")
    expect(new_name).to_be_hidden()
    page.get_by_label("Account van de bestandsserver").select_option("+")
    expect(new_name).to_have_value("zorggroep-zoe-co")
    page.get_by_label("Bestandsnaam", exact=True).press_sequentially("Personen_{date}.csv")
    expect(page.get_by_label("Korte naam")).to_have_value("personen")
    expect(page.get_by_label("Te laat na (minuten)")).to_be_hidden()
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("#new-password")).to_be_visible()
    assert [(one.name, one.account and one.account.name) for one in Connection.objects.all()] == [
        ("personen", "zorggroep-zoe-co")
    ]
