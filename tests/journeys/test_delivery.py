"""The way of a delivery in a real browser, Debian's Chromium: from faults to live, in both languages."""

import random

import pytest
from django.test import Client
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect
from tests.doors.web.web_customer import ANNA, BAD_DATE, BRAM, COMPANY, WebCustomer
from tests.journeys.steps import LANGUAGES_AND_WIDTHS, TEXTS, SignIn, approve, deliver

from instroom.flow import find
from instroom.store.models import Delivery


@pytest.mark.parametrize(("lang", "width"), LANGUAGES_AND_WIDTHS)
def test_from_faults_to_live(customer: WebCustomer, sign_in: SignIn, lang: str, width: int) -> None:
    texts = TEXTS[lang]
    supplier = sign_in("supplier", lang, width)
    deliver(supplier, customer.file(ANNA | COMPANY, BAD_DATE, name="met-fouten.csv"), lang)
    expect(supplier.locator("h1 + .badge")).to_have_text(texts["rejected"])
    expect(supplier.get_by_role("heading", name=texts["fault"])).to_be_visible()
    with supplier.expect_download() as download:
        supplier.locator("a[href$='/files/annotated']").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    deliver(supplier, customer.file(ANNA | COMPANY, BRAM, name="hersteld.csv"), lang)
    expect(supplier.locator("h1 + .badge")).to_have_text(texts["waits"])

    approver = sign_in("approver", lang, width)
    approver.locator("#waiting ~ ul a").first.click()
    expect(approver.locator("summary", has_text="Bram de Voorbeeld")).to_be_visible()
    approve(approver, lang)
    expect(approver.locator("h1 + .badge")).to_have_text(texts["imported"])

    reader = sign_in("reader", lang, width)
    reader.locator("main input[type=search]").fill("bram de voorb")
    reader.get_by_role("button", name=texts["search"]).click()
    reader.get_by_role("link", name="Bram de Voorbeeld").click()
    expect(reader.locator("h1")).to_have_text("Bram de Voorbeeld")
    expect(reader.locator(".place.live strong")).to_have_text("live")
    expect(reader.locator(".past")).to_have_count(1)


def test_a_dropped_file_is_delivered_with_the_keyboard_alone(customer: WebCustomer, sign_in: SignIn) -> None:
    page = sign_in("supplier")
    page.goto(page.url + "/deliver")
    text = customer.file(ANNA).read_text(encoding="utf-8")
    page.locator("[data-drop]").evaluate(
        """(zone, text) => {
            const dropped = new DataTransfer();
            dropped.items.add(new File([text], "gesleept.csv"));
            zone.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
        }""",
        text,
    )
    expect(page.locator("[data-chosen]")).to_have_text("gesleept.csv")
    page.locator("main button[type=submit]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("h1")).to_have_text("gesleept.csv")


@pytest.mark.slow
def test_the_connection_is_chosen_by_the_name_of_the_file(customer: WebCustomer, sign_in: SignIn) -> None:
    from instroom.store.models import Connection, Customer

    owner = Customer.objects.get(name="ons")
    for name, file_name in (("dag", "personen_{date}.csv"), ("vast", "Bedrijven (1).csv")):
        Connection.objects.create(
            customer=owner, name=name, file_name=file_name, schedule="arrival", zone="Europe/Amsterdam"
        )
    page = sign_in("supplier")
    page.goto(page.url + "/deliver")
    for file_name, chosen in (
        ("personen_2027-05-04.csv", "dag"),
        ("bedrijven (1).csv", "vast"),
        ("personen_x.csv", "*"),
        ("Personen_20270504.csv", "dag"),
    ):
        page.locator("#file").set_input_files(customer.file(ANNA, name=file_name))
        expect(page.locator("#connection")).to_have_value(chosen)
    page.locator("#connection").select_option("")
    page.locator("#file").set_input_files(customer.file(ANNA, name="personen_20270504.csv"))
    expect(page.locator("#connection")).to_have_value("")


def test_the_environment_is_switched(customer: WebCustomer, sign_in: SignIn) -> None:
    customer.import_in_live(ANNA)
    page = sign_in("reader")
    page.goto(page.url.partition("/customers/")[0] + customer.dossier("P-1"))
    page.locator(".place .switch").click()
    expect(page.locator(".place.training strong")).to_have_text("training")
    expect(page.locator("h1")).to_have_text("Anna de Voorbeeld")


@pytest.mark.slow
@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_file_is_only_checked(customer: WebCustomer, browser: Browser, address: str, has_javascript: bool) -> None:
    """The answer has the file with remarks in it, also a large one: Chromium takes an address of so many characters."""
    words = random.Random(1)
    staff = [
        BAD_DATE | {"PersoonExternId": f"P-{number}", "PersoonOpmerking": words.randbytes(150).hex()}
        for number in range(2_990)
    ]
    context = browser.new_context(java_script_enabled=has_javascript)
    one = Client()
    one.force_login(find.user("ons-supplier"))
    context.add_cookies([{"name": "instroom", "value": one.cookies["instroom"].value, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/customers/ons/deliver")
    page.locator("#file").set_input_files(customer.file(*staff, name="veel.csv"))
    page.locator("button[formaction]").click()
    expect(page.locator("h1 + .badge")).to_be_visible()
    with page.expect_download() as download:
        page.locator("a[download]").click()
    saved = customer.folder / download.value.suggested_filename
    download.value.save_as(saved)
    assert load_workbook(saved).worksheets[0].max_row == 2_991
    assert saved.stat().st_size > 500_000
    assert not Delivery.objects.exists()
    context.close()
