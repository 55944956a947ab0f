"""The operator makes a connection in the browser, and sees the next three times while choosing (product.md E1, E2)."""

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.steps import LANGUAGES_AND_WIDTHS, SignIn, open_menu

WORDS = {
    "nl": ("Beheer", "Koppelingen", "Koppeling toevoegen", "Opslaan", "elke zondag om 02:30"),
    "en": ("Manage", "Connections", "Add a connection", "Save", "every Sunday at 02:30"),
}


def times(page: Page) -> list[str]:
    """The next times that the form shows."""
    return page.locator("#when time").all_inner_texts()


@pytest.mark.parametrize(("lang", "width"), LANGUAGES_AND_WIDTHS)
def test_the_next_three_times_follow_what_is_chosen(customer: object, sign_in: SignIn, lang: str, width: int) -> None:
    manage, connections, add, keep, said = WORDS[lang]
    page = sign_in("operator", lang, width)
    open_menu(page)
    page.get_by_role("link", name=manage, exact=True).click()
    page.get_by_role("link", name=connections, exact=True).click()
    page.get_by_role("link", name=add, exact=True).click()
    page.locator("#name").fill("week")
    expect(page.locator("#when time")).to_have_count(3)
    before = times(page)
    page.locator("#kind").select_option("weekly")
    for day in page.locator("input[name=weekday]:checked").all():
        day.uncheck()
    page.locator("input[name=weekday][value=sun]").check()
    page.locator("#at").fill("02:30")
    expect(page.locator("#day")).to_be_hidden()
    expect(page.locator("#when time").first).to_contain_text("02:30")
    expect(page.locator("#when time").first).to_contain_text("zondag" if lang == "nl" else "Sunday")
    assert times(page) != before
    page.locator("#kind").select_option("arrival")
    expect(page.locator("#when time")).to_have_count(0)
    expect(page.locator("#at")).to_be_hidden()
    page.locator("#kind").select_option("weekly")
    expect(page.locator("#when time")).to_have_count(3)
    page.get_by_role("button", name=keep, exact=True).click()
    expect(page.locator("h1")).to_have_text("week")
    expect(page.locator("main")).to_contain_text(said)
