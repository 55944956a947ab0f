"""The way of a delivery in a real browser, Debian's Chromium: from faults to live, in both languages."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

if TYPE_CHECKING:
    from tests.doors.web.desk import Desk

pytestmark = pytest.mark.slow

CHROMIUM = os.environ.get("INSTROOM_TEST_CHROMIUM", "/usr/bin/chromium")
INSTROOM = str(Path(sys.executable).with_name("instroom"))
SignIn = Callable[..., Page]

TEXTS = {
    "nl": {"rejected": "afgekeurd", "waits": "wacht op akkoord", "imported": "geïmporteerd", "deliver": "Aanleveren",
           "fault": "Datum niet te lezen", "approve": "Akkoord", "sign_in": "Aanmelden", "search": "Zoeken"},
    "en": {"rejected": "rejected", "waits": "awaiting approval", "imported": "imported", "deliver": "Deliver",
           "fault": "Date cannot be read", "approve": "Approve", "sign_in": "Sign in", "search": "Search"},
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> "Desk":
    """A customer whose people can sign in."""
    from tests.doors.web.desk import PASSWORD, open_desk

    from instroom.flow.passwords import set_password
    from instroom.store.models import Role

    desk = open_desk("ons", tmp_path)
    for role in Role.NAMES:
        set_password(f"ons-{role}", PASSWORD)
    return desk


@pytest.fixture
def address(desk: "Desk") -> Iterator[str]:
    """Where `instroom serve` listens."""
    environment = {**os.environ, "INSTROOM_HTTP": "127.0.0.1:0"}
    with subprocess.Popen([INSTROOM, "serve"], env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = re.search(r"http://[\d.:]+", process.stderr.readline())
        assert found is not None
        yield found[0]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def sign_in(browser: Browser, address: str) -> Iterator[SignIn]:
    """Sign in as somebody of the customer; whatever the browser complains of fails the test."""
    from tests.doors.web.desk import PASSWORD

    complaints: list[str] = []
    contexts = []

    def signed_in(role: str, lang: str = "nl", width: int = 1280) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900})
        context.add_cookies([{"name": "instroom-language", "value": lang, "url": address}])
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.locator("#name").fill(f"ons-{role}")
        page.locator("#password").fill(PASSWORD)
        page.get_by_role("button", name=TEXTS[lang]["sign_in"]).click()
        expect(page.locator("h1")).to_have_text("Ons BV")
        return page

    yield signed_in
    for context in contexts:
        context.close()
    assert complaints == []


def deliver(page: Page, file: Path, lang: str) -> None:
    """Choose a file and send it; the page follows it until its answer is there."""
    page.locator("nav").get_by_role("link", name=TEXTS[lang]["deliver"], exact=True).click()
    page.locator("#file").set_input_files(file)
    expect(page.locator("[data-chosen]")).to_have_text(file.name)
    page.locator("main").get_by_role("button", name=TEXTS[lang]["deliver"], exact=True).click()
    expect(page.locator("#answer")).to_be_visible(timeout=20_000)


def state(page: Page) -> str:
    """The state that stands beside the name of the delivery."""
    return page.locator("h1 + .badge").inner_text()


@pytest.mark.parametrize(("lang", "width"), [("nl", 1280), ("en", 390)])
def test_from_faults_to_live(desk: "Desk", sign_in: SignIn, lang: str, width: int) -> None:
    from tests.doors.web.desk import ANNA, BAD_DATE, BRAM, COMPANY

    texts = TEXTS[lang]
    supplier = sign_in("supplier", lang, width)
    deliver(supplier, desk.file(ANNA | COMPANY, BAD_DATE, name="met-fouten.csv"), lang)
    assert state(supplier) == texts["rejected"]
    expect(supplier.get_by_role("heading", name=texts["fault"])).to_be_visible()
    with supplier.expect_download() as download:
        supplier.locator("a[href$='/files/annotated']").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    deliver(supplier, desk.file(ANNA | COMPANY, BRAM, name="hersteld.csv"), lang)
    assert state(supplier) == texts["waits"]

    approver = sign_in("approver", lang, width)
    approver.locator("#waiting ~ ul a").first.click()
    expect(approver.get_by_role("heading", name="Bram de Voorbeeld")).to_be_visible()
    approver.locator("main").get_by_role("button", name=texts["approve"], exact=True).click()
    expect(approver.locator("h1 + .badge")).to_have_text(texts["imported"], timeout=20_000)

    reader = sign_in("reader", lang, width)
    reader.locator("main input[type=search]").fill("bram de voorb")
    reader.get_by_role("button", name=texts["search"]).click()
    reader.get_by_role("link", name="Bram de Voorbeeld").click()
    expect(reader.locator("h1")).to_have_text("Bram de Voorbeeld")
    expect(reader.locator(".place.live strong")).to_have_text("live")
    expect(reader.locator(".past")).to_have_count(1)


def test_a_dropped_file_is_delivered_with_the_keyboard_alone(desk: "Desk", sign_in: SignIn) -> None:
    from tests.doors.web.desk import ANNA

    page = sign_in("supplier")
    page.goto(page.url + "/deliver")
    text = desk.file(ANNA).read_text(encoding="utf-8")
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
    expect(page.locator("#answer")).to_be_visible(timeout=20_000)
    expect(page.locator("h1")).to_have_text("gesleept.csv")


def test_the_environment_is_switched(desk: "Desk", sign_in: SignIn) -> None:
    from tests.doors.web.desk import ANNA

    desk.import_in_live(ANNA)
    page = sign_in("reader")
    page.goto(page.url + "/live/person?source=HR&id=P-1")
    page.locator(".place .switch").click()
    expect(page.locator(".place.training strong")).to_have_text("training")
    expect(page.locator("h1")).to_have_text("Anna de Voorbeeld")


def test_no_page_is_wider_than_a_phone_or_heavier_than_200_kb(desk: "Desk", sign_in: SignIn) -> None:
    from tests.doors.web.desk import ANNA, BAD_DATE, COMPANY

    faulty = desk.deliver(ANNA, BAD_DATE | {"PersoonExternId": "Z" * 50})
    waiting = desk.deliver(ANNA | COMPANY | {"PersoonOpmerking": "w" * 300})
    page = sign_in("operator", width=390)
    home = page.url
    weights: list[int] = []
    page.on("response", lambda response: weights.append(len(response.body())) if "/static/" in response.url else None)
    for path in (
        "", "/deliver", "/deliveries", "/templates", f"/deliveries/{faulty.pk}", f"/deliveries/{waiting.pk}",
        f"/deliveries/{waiting.pk}/plan", "/training/search?q=voorbeeld", "/training/person?source=HR&id=P-1",
    ):  # fmt: skip
        page.goto(home + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert 0 < sum(weights) < 200_000
