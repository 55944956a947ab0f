"""An operator in a real browser: undoes an import after its preview, refreshes training, and finds both in the log."""

import pytest
from playwright.sync_api import expect
from tests.doors.web.web_customer import ANNA, BRAM, COMPANY, WebCustomer
from tests.journeys.steps import LANGUAGES_AND_WIDTHS, TEXTS, SignIn

WORDS = {
    "nl": {
        "make": "Terugdraaien voorbereiden", "decide": "Plan bekijken en besluiten", "restored": "hersteld (1)",
        "by": "Teruggedraaid door", "refresh": "Training verversen", "sure": "Ja, vervang", "undone": "teruggedraaid",
        "refreshed": "training ververst",
    },
    "en": {
        "make": "Prepare the undo", "decide": "Review the plan and decide", "restored": "restored (1)",
        "by": "Undone by", "refresh": "Refresh training", "sure": "Yes, replace", "undone": "undone",
        "refreshed": "refreshed training",
    },
}  # fmt: skip


@pytest.mark.parametrize(("lang", "width"), LANGUAGES_AND_WIDTHS)
def test_an_import_is_undone_and_training_refreshed(
    customer: WebCustomer, sign_in: SignIn, lang: str, width: int
) -> None:
    words = WORDS[lang]
    customer.import_in_live(ANNA | COMPANY)
    wrong = customer.import_in_live(ANNA | COMPANY | {"PersoonVoornaam": "Aafje"}, BRAM)
    page = sign_in("operator", lang, width)
    site = page.url
    page.goto(f"{site}/deliveries/{wrong.pk}")
    page.locator("#undoing ~ details summary").click()
    page.get_by_role("button", name=words["make"]).click()
    page.get_by_role("link", name=words["decide"]).click()
    expect(page.get_by_role("link", name=words["restored"])).to_be_visible()
    page.locator("main").get_by_role("button", name=TEXTS[lang]["approve"], exact=True).click()
    expect(page.locator("h1 + .badge")).to_have_text(TEXTS[lang]["imported"])
    page.locator("#undoing ~ p a").click()
    expect(page.locator("h1 + .badge")).to_have_text(words["undone"])
    expect(page.get_by_text(words["by"])).to_be_visible()

    page.goto(f"{site}/refresh")
    page.get_by_label(words["sure"]).check()
    page.locator("main").get_by_role("button", name=words["refresh"]).click()
    expect(page.locator("#refresh .note.success")).to_be_visible()
    page.goto(f"{site}/audit")
    expect(page.locator("tbody tr").first).to_contain_text(words["refreshed"])
    assert "Voorbeeld" not in page.locator("tbody").inner_text()
