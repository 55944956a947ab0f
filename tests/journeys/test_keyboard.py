"""An operator's work with the keyboard alone (WCAG 2.1.1): from signing in to the export of the audit log."""

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.doors.web.web_customer import ANNA, BRAM, COMPANY, PASSWORD, WebCustomer
from tests.journeys.keyboard import Keyboard
from tests.journeys.steps import TEXTS


def test_an_operator_needs_no_mouse(customer: WebCustomer, browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    keys = Keyboard(page)
    sign_in(page, keys, address)
    roles(page, keys)
    settings(page, keys)
    add_connection(page, keys)
    menus(page, keys)
    page.close()


@pytest.mark.slow
def test_nor_to_undo_and_to_oversee(customer: WebCustomer, browser: Browser, address: str) -> None:
    customer.import_in_live(ANNA | COMPANY)
    customer.import_in_live(ANNA | COMPANY | {"PersoonVoornaam": "Aafje"}, BRAM)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    keys = Keyboard(page)
    sign_in(page, keys, address)
    roles(page, keys)
    keys.follow("Beheer")
    refresh(page, keys)
    undo(page, keys)
    audit(page, keys)
    page.close()


def sign_in(page: Page, keys: Keyboard, address: str) -> None:
    """The field of the name has the focus; the first stop of the next page leads past its head."""
    page.goto(address)
    keys.write("ons-operator").press("Tab").write(PASSWORD).follow("Aanmelden")
    expect(page.locator("h1")).to_have_text("Ons BV")
    keys.to("Naar de inhoud").press("Enter", "Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")


def roles(page: Page, keys: Keyboard) -> None:
    """The reader may approve too."""
    keys.follow("Gebruikers").follow("Wijzigen ons-reader")
    keys.to("goedkeurder .*").press("Space").follow("Rollen opslaan")
    row = page.locator("tr", has_text="ons-reader")
    expect(row).to_contain_text("goedkeurder")


def settings(page: Page, keys: Keyboard) -> None:
    """A group of choices is one stop; the arrows choose in it."""
    keys.follow("Beheer").to("Oude waarde behouden").press("ArrowDown").follow("Opslaan")
    expect(page.locator("input[name=blank][value=clear]")).to_be_checked()


def refresh(page: Page, keys: Keyboard) -> None:
    """Training becomes a copy of live."""
    keys.follow("Training verversen")
    keys.to("Ja, vervang wat er in training staat").press("Space").follow("Training verversen")
    expect(page.locator("#refresh .note.success")).to_be_visible()


def add_connection(page: Page, keys: Keyboard) -> None:
    """Each week, on a day that the arrows choose."""
    keys.follow("Koppelingen").follow("Koppeling toevoegen")
    keys.to("Korte naam").write("week")
    keys.follow("Opslaan")
    expect(page.locator("h1")).to_contain_text("week")


def menus(page: Page, keys: Keyboard) -> None:
    """Esc closes the menu of the account, and the focus is back where it was opened."""
    keys.to("ons-operator").press("Enter").to("Uw account").press("Escape")
    expect(page.locator("#account-menu")).to_be_hidden()
    assert page.evaluate("document.activeElement.getAttribute('popovertarget')") == "account-menu"


def undo(page: Page, keys: Keyboard) -> None:
    """The newest one: prepared, looked at, and approved."""
    keys.follow("Aanleveringen").follow("levering.csv")
    keys.to("Deze aanlevering terugdraaien…").press("Enter")
    keys.follow("Terugdraaien voorbereiden")
    expect(page.get_by_role("link", name="Plan bekijken en beslissen")).to_be_visible()
    keys.follow("Plan bekijken en beslissen")
    expect(page.get_by_role("link", name="hersteld (1)")).to_be_visible()
    keys.follow(TEXTS["nl"]["approve"])
    expect(page.locator("h1 + .badge")).to_have_text("geïmporteerd")


def audit(page: Page, keys: Keyboard) -> None:
    """Chosen by the first letters of what was done; the file holds the same."""
    keys.follow("Beheer").follow("Logboek")
    keys.to("Wat").press(*"rollen g").follow("Tonen")
    expect(page.locator("tbody tr")).to_have_count(1)
    keys.to("Deze regels als CSV")
    with page.expect_download() as taken:
        keys.press("Enter")
    lines = taken.value.path().read_text("utf-8-sig").splitlines()
    assert (len(lines), "ons-reader" in lines[1]) == (2, True)
