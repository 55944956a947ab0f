"""An operator in a real browser: mends what needs a person, undoes an import after its preview, refreshes training, and
finds both in the log."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.doors.web.web_customer import ANNA, BRAM, COMPANY, WebCustomer, add_web_customer
from tests.journeys.steps import LANGUAGES_AND_WIDTHS, TEXTS, SignIn, approve

from instroom.core.errors import NotAllowed
from instroom.flow import find
from instroom.flow.connections import connections, taking
from instroom.flow.delivery.receive import receive
from instroom.flow.file_server import account_sign_in, accounts
from instroom.store.models import Role, User

WORDS = {
    "nl": {
        "make": "Terugdraaien voorbereiden", "decide": "Plan bekijken en beslissen", "restored": "hersteld (1)",
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
    approve(page, lang)
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


@pytest.mark.parametrize("customers", [5, pytest.param(25, marks=pytest.mark.slow)])
def test_an_operators_morning(customer: WebCustomer, sign_in: SignIn, tmp_path: Path, customers: int) -> None:
    """From the count in the tab to "Alles loopt": each line leads to where it is mended, and goes."""
    page, by = sign_in("operator"), find.user("ons-operator")
    User.objects.update(email="iemand@voorbeeld.example")
    for number in range(customers - 1):
        one = find.customer(add_web_customer(f"klant{number}", tmp_path).name)
        Role.objects.create(customer=one, user=by, name=Role.OPERATOR)
        connections.add("nacht", one, by=by, schedule="daily 01:00")
    User.objects.update(email="iemand@voorbeeld.example")
    connections.pause(find.connection(find.customer("klant0"), "nacht"), by=by)
    accounts.add("hr", find.customer("klant1"), "een-lang-woord-7", by=by)
    for _ in range(5):
        with pytest.raises(NotAllowed):
            account_sign_in.sign_in("hr", "verkeerd", "192.0.2.7", tls=True)
    file, third = customer.file(ANNA, name="nieuw.csv"), find.customer("klant2")
    misnamed = receive(file, third, by=find.user("klant2-supplier"), waits_for="name")

    page.goto(page.url.partition("/customers/")[0])
    expect(page).to_have_title("(3) Overzicht · Instroom")
    lines = page.locator(".to-do tbody tr")
    expect(lines.first).to_contain_text("Klant1 BV · Account hr is tijdelijk dicht")
    lines.first.get_by_role("link").click()
    page.get_by_role("button", name="Blokkade opheffen").click()
    account_sign_in.sign_in("hr", "een-lang-woord-7", "192.0.2.7", tls=True)
    page.get_by_role("link", name="Overzicht").click()
    expect(page).to_have_title("(2) Overzicht · Instroom")
    expect(lines.first).to_contain_text("Klant2 BV · nieuw.csv past bij geen koppeling")
    lines.first.get_by_role("link").click()
    expect(page).to_have_url(re.compile(str(misnamed.pk)))
    taking.take_now(misnamed, by=by, connection=find.connection(third, "nacht"))
    page.get_by_role("link", name="Overzicht").click()
    expect(lines).to_have_count(1)
    lines.first.get_by_role("link").click()
    page.get_by_role("button", name="Hervatten").click()
    page.get_by_role("link", name="Overzicht").click()
    expect(page).to_have_title("Overzicht · Instroom")
    expect(page.locator(".to-do")).to_contain_text(f"Alles loopt. {customers - 1} koppelingen op tijd")
    page.get_by_role("searchbox").fill("klant3")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("#customers")).to_contain_text("1")
    expect(page.get_by_role("link", name="Klant3 BV", exact=True)).to_be_visible()
