"""A day of each person in a real browser. That of an operator is in `test_overseeing.py`."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from tests.doors.web.web_customer import ANNA, BAD_DATE, BRAM, COMPANY, PASSWORD, Record, WebCustomer
from tests.journeys.steps import LANGUAGES_AND_WIDTHS, TEXTS, SignIn, deliver

from instroom.core.language import Language
from instroom.flow import find
from instroom.flow.people.invitations import invite
from instroom.store.models import Mail

REASON = "Bram hoort wel bij een bedrijf."
SIZES = [2, pytest.param(300, marks=pytest.mark.slow)]
WORDS = {
    "nl": {"nothing": "Niets geïmporteerd", "in_live": "in live sinds", "print": "Afdrukken", "refuse": "Niet akkoord",
           "scheduled": "ingepland", "refused": "niet akkoord", "meant": "Bedoelt u",
           "stands_out": "Wat valt op", "later": "Op een ander moment"},
    "en": {"nothing": "Nothing was imported", "in_live": "in live since", "print": "Print", "refuse": "Refuse",
           "scheduled": "scheduled", "refused": "refused", "meant": "Did you mean",
           "stands_out": "What stands out", "later": "At another time"},
}  # fmt: skip


def staff(size: int, **more: str) -> list[Record]:
    """So many people of one company."""
    return [ANNA | COMPANY | {"PersoonExternId": f"M-{number}"} | more for number in range(1, size + 1)]


def accept(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("#first_name").fill("Noor")
    page.locator("#last_name").fill("van Dam")
    page.locator("#name").fill("noor")
    page.locator("#password").fill(PASSWORD)
    page.locator("form:has(#password) button.main").click()
    expect(page.locator("h1")).to_have_text("Ons BV")


@pytest.mark.parametrize(("lang", "width"), LANGUAGES_AND_WIDTHS)
def test_a_supplier_comes_from_the_invitation_into_live(
    customer: WebCustomer, browser: Browser, address: str, sign_in: SignIn, lang: Language, width: int
) -> None:
    words, texts = WORDS[lang], TEXTS[lang]
    invite(find.customer("ons"), "noor@voorbeeld.example", ["supplier"], lang, by=find.user("ons-operator"))
    link = re.search(r"/invitations/\S+", Mail.objects.get(kind="invitation").text)
    assert link
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "instroom-language", "value": lang, "url": address}])
    page = context.new_page()
    accept(page, address + link[0])

    deliver(page, customer.file(ANNA | COMPANY, BAD_DATE, name="met-fouten.csv"), lang)
    expect(page.locator("[data-next-step]")).to_contain_text(words["nothing"])
    with page.expect_download() as download:
        page.locator("a[href$='/files/annotated']").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("link", name=words["print"], exact=True).click()
    expect(page.get_by_text("31-02-1980").first).to_be_visible()
    page.go_back()
    page.locator("form[action$='/correct'] input[type=file]").set_input_files(
        customer.file(ANNA | COMPANY, BRAM, name="hersteld.csv")
    )
    page.locator("form[action$='/correct'] button[type=submit]").click()
    expect(page.locator("h1 + .badge")).to_have_text(texts["waits"])

    approver = sign_in("approver", lang, width)
    approver.locator("#waiting ~ ul a").first.click()
    approver.locator("form[action$='/approve'] button").first.click()
    expect(approver.locator("h1 + .badge")).to_have_text(texts["imported"])
    page.reload()
    expect(page.locator("[data-next-step]")).to_contain_text(words["in_live"])
    expect(page.locator("h1 + .badge")).to_have_text(texts["imported"])
    context.close()


def choose(page: Page, days: int) -> None:
    """A moment so many days from now, in the form of an approval or of a scheduled one."""
    form = page.locator("form:has(input[name=at])")
    form.locator("input[name=at]").fill((timezone.localtime() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M"))
    form.locator("button").click()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("lang", "width"), LANGUAGES_AND_WIDTHS)
def test_an_approver_takes_ten_minutes(
    customer: WebCustomer, sign_in: SignIn, lang: str, width: int, size: int
) -> None:
    """From the plan to print it, schedule it, move it, take it back, and refuse it after all."""
    words, texts = WORDS[lang], TEXTS[lang]
    customer.import_in_live(*staff(size), BRAM | COMPANY)
    delivery = customer.deliver(*staff(size, PersoonVoornaam="Aafje"), BRAM)
    page = sign_in("approver", lang, width)
    page.locator("#waiting ~ ul a").first.click()
    expect(page.get_by_role("heading", name=words["stands_out"])).to_be_visible()
    page.get_by_role("link", name=words["print"], exact=True).click()
    expect(page.locator(".printed tbody tr")).to_have_count(size + 1)
    page.go_back()
    page.locator("summary", has_text=words["later"]).click()
    choose(page, 2)
    expect(page.locator("h1 + .badge")).to_have_text(words["scheduled"])

    page.locator("[data-next-step] a").click()
    choose(page, 3)
    expect(page.locator("h1 + .badge")).to_have_text(words["scheduled"])
    page.locator("[data-next-step] a").click()
    page.locator("form[action$='/unapprove'] textarea").fill("Eerst navragen.")
    page.locator("form[action$='/unapprove'] button").click()
    expect(page.locator("h1 + .badge")).to_have_text(texts["waits"])

    page.goto(f"{page.url}/plan")
    page.locator("summary", has_text=words["refuse"]).click()
    page.locator("form[action$='/refuse'] textarea").fill(REASON)
    page.locator("form[action$='/refuse'] button").click()
    expect(page.locator("h1 + .badge")).to_have_text(words["refused"])
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("refused", REASON)
    supplier = sign_in("supplier", lang, width)
    supplier.goto(page.url)
    expect(supplier.get_by_text(REASON)).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("lang", "width"), LANGUAGES_AND_WIDTHS)
def test_a_reader_finds_whom_they_look_for(
    customer: WebCustomer, sign_in: SignIn, lang: str, width: int, size: int
) -> None:
    customer.import_in_live(*staff(size, PersoonAchternaam="Zeldzaam"), BRAM | COMPANY)
    page = sign_in("reader", lang, width)

    def look_for(text: str) -> None:
        page.locator("main input[type=search]").first.fill(text)
        page.locator("main input[type=search]").first.press("Enter")
        expect(page.locator("#q")).to_have_value(text)

    for text in ("voorbeeld bram", "BRAM voor", "03-04-1990", "P-2 bram", "bram 1234ab"):
        look_for(text)
        expect(page.locator("#found-persons tbody tr")).to_have_count(1)
    look_for("Voorbeelt")
    expect(page.get_by_text(WORDS[lang]["meant"])).to_be_visible()
    page.locator("form:has(input[name=q][type=hidden]) button").click()
    page.get_by_role("link", name="Bram de Voorbeeld").click()
    expect(page.locator("h1")).to_have_text("Bram de Voorbeeld")
    expect(page.locator(".past")).to_have_count(1)
