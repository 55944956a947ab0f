"""Correcting a file, deciding at once with somebody else, what changed since approval: in a browser, by keyboard."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.steps import LANGUAGES_AND_WIDTHS, SignIn, deliver
from tests.journeys.test_accessibility import faults

if TYPE_CHECKING:
    from tests.doors.web.web_customer import WebCustomer

pytestmark = pytest.mark.slow


def mark(page: Page) -> None:
    """Leave something that a reload would take away."""
    page.evaluate("window.left = 'here'")


def is_the_same(page: Page) -> bool:
    """Whether the page was not loaded anew since `mark`."""
    return bool(page.evaluate("window.left === 'here'"))


def focused(page: Page) -> str:
    """The id of what has the focus."""
    return str(page.evaluate("document.activeElement.id"))


@pytest.mark.parametrize(("lang", "width"), LANGUAGES_AND_WIDTHS)
def test_a_file_is_corrected_where_its_faults_are_shown(
    customer: "WebCustomer", sign_in: SignIn, lang: str, width: int
) -> None:
    from tests.doors.web.web_customer import ANNA, BAD_DATE, BRAM, COMPANY

    page = sign_in("supplier", lang, width)
    rows = [BAD_DATE | {"PersoonExternId": f"P-{n}", "PersoonAchternaam": f"Nr. {n}"} for n in range(60)]
    unknown_language = ANNA | {"PersoonExternId": "P-60", "PersoonTaal": "Fraans"}
    deliver(page, customer.file(*rows, unknown_language, name="fout.csv"), lang)
    mark(page)
    lines = page.locator("#found .finding-lines tbody tr")
    page.locator("#code").focus()
    page.locator("#code").select_option("value-date")
    expect(page).to_have_url(re.compile(r"code=value-date"))
    expect(lines).to_have_count(1)
    assert focused(page) == "code"
    lines.locator("a").press("Enter")
    expect(lines).to_have_count(50)
    assert focused(page) == "findings"
    page.locator("#found a[rel=next]").press("Enter")
    expect(lines).to_have_count(10)
    assert is_the_same(page)

    page.locator("#file").set_input_files(customer.file(ANNA | COMPANY, BRAM, name="hersteld.csv"))
    page.locator("form[data-upload] button[type=submit]").press("Enter")
    expect(page.locator("h1")).to_have_text("hersteld.csv")
    mark(page)
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("#versions ~ table tbody tr")).to_have_count(2)
    assert faults(page) == []
    page.locator("#versions ~ ol a").press("Enter")
    expect(page.locator("h1")).to_have_text("fout.csv")
    page.go_back()
    expect(page.locator("h1")).to_have_text("hersteld.csv")


def test_the_answer_comes_without_a_reload(customer: "WebCustomer", sign_in: SignIn) -> None:
    from tests.doors.web.web_customer import ANNA, COMPANY

    page = sign_in("supplier")
    page.goto(page.url + "/deliver")
    loads: list[str] = []
    page.on("load", lambda: loads.append(page.url))
    page.locator("#file").set_input_files(
        customer.file(*[ANNA | COMPANY | {"PersoonExternId": f"P-{n}"} for n in range(300)])
    )
    page.locator("form[data-upload] button[type=submit]").click()
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("h1 + .badge")).to_have_text("wacht op akkoord")
    assert len(loads) == 1
    expect(page.locator("form[data-upload].enhanced")).to_have_count(1)


def test_of_two_who_decide_at_once_the_second_gets_a_clear_answer(customer: "WebCustomer", sign_in: SignIn) -> None:
    from tests.doors.web.web_customer import ANNA

    delivery = customer.deliver(ANNA)
    first, second = sign_in("approver"), sign_in("operator", "en", 390)
    for page in (first, second):
        page.goto(f"{page.url}/deliveries/{delivery.pk}/plan")
    first.locator(".decision > form .main").press("Enter")
    expect(first.locator(".note.success")).to_be_visible()
    second.locator("summary", has_text="Refuse").press("Enter")
    second.locator("#reason").fill("Not this month.")
    second.locator("form[action$='/refuse'] button").press("Enter")
    expect(second.locator(".note.error").first).to_contain_text("can no longer be refused")
    delivery.refresh_from_db()
    assert delivery.state != "refused"


def test_what_changed_since_approval_is_a_step_away_from_the_plan(customer: "WebCustomer", sign_in: SignIn) -> None:
    from django.utils import timezone
    from tests.doors.web.web_customer import ANNA

    from instroom.doors.cli.run_due import run_due
    from instroom.flow import find
    from instroom.flow.delivery.decide import approve
    from instroom.store.models import Delivery

    customer.import_in_live(ANNA)
    delivery = customer.deliver(ANNA | {"PersoonVoornaam": "Annelies"})
    by = find.user("ons-approver")
    approve(delivery, by=by, at=delivery.received_at.replace(year=2999))
    customer.import_in_live(ANNA | {"PersoonVoornaam": "Aafje"})
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())  # its hour comes
    run_due(delivery)
    page = sign_in("approver", width=390)
    page.goto(f"{page.url}/deliveries/{delivery.pk}")
    expect(page.locator("h1 + .badge")).to_have_text("wacht op akkoord")
    page.get_by_role("link", name="Bekijk wat er is veranderd").press("Enter")
    expect(page.locator("tbody tr")).to_contain_text(["Aafje"])
    mark(page)
    page.locator(".chip").last.press("Enter")
    expect(page).to_have_url(re.compile("word=different"))
    expect(page.get_by_role("heading", name="Annelies de Voorbeeld")).to_be_visible()
    assert is_the_same(page)
    assert faults(page) == []
