"""The largest file that may come: delivered, looked through, approved at once, looked up and undone, in a browser."""

from datetime import timedelta
from pathlib import Path

import pytest
from bench.deliveries import first, write
from django.utils import timezone
from playwright.sync_api import expect
from tests.doors.web.web_customer import WebCustomer
from tests.journeys.steps import TEXTS, SignIn, deliver

from instroom.store.models import Customer

pytestmark = pytest.mark.slow

WORDS = {
    "nl": {"later": "Op een ander moment", "now": "Akkoord, en toch meteen naar live",
           "records": "10.000 ingevulde regels", "waits": "meer dan 2.000 regels",
           "make": "Terugdraaien voorbereiden", "plan": "Plan bekijken en beslissen", "undone": "teruggedraaid"},
    "en": {"later": "At another time", "now": "Approve, and import now anyway",
           "records": "10,000 rows with data", "waits": "more than 2,000 records",
           "make": "Prepare the undo", "plan": "Review the plan and decide", "undone": "undone"},
}  # fmt: skip
MINUTE = 60_000  # milliseconds


@pytest.mark.parametrize(("lang", "width"), [("nl", 390), ("en", 1280)])
def test_ten_thousand_records_there_and_back(
    customer: WebCustomer, sign_in: SignIn, tmp_path: Path, lang: str, width: int
) -> None:
    """Not in the quiet hours, whenever this runs: then it would not have to wait for them."""
    now = timezone.localtime()
    quiet = {"quiet_from": f"{now + timedelta(hours=2):%H:00}", "quiet_until": f"{now + timedelta(hours=3):%H:00}"}
    Customer.objects.filter(name="ons").update(policies=quiet)
    words, texts = WORDS[lang], TEXTS[lang]
    file = tmp_path / "tienduizend.csv"
    write(first(10_000), file)
    page = sign_in("operator", lang, width)
    site = page.url
    deliver(page, file, lang)
    expect(page.locator("h1 + .badge")).to_have_text(texts["waits"], timeout=MINUTE)
    address = page.url

    page.goto(address + "/plan")
    expect(page.locator("#totals")).to_contain_text(words["records"])
    page.locator("#each a[rel=next]").first.click()
    page.wait_for_url(lambda url: "page=2" in url)
    page.get_by_text(words["later"], exact=True).click()
    expect(page.get_by_text(words["waits"])).to_be_visible()
    page.get_by_role("button", name=words["now"]).click()
    expect(page.locator("h1 + .badge")).to_have_text(texts["imported"], timeout=MINUTE)

    page.goto(f"{site}/live/search")
    page.locator("#q").fill("p000001")
    page.locator("#q").press("Enter")
    expect(page.locator("main a[href*='/live/person/']").first).to_be_visible()

    page.goto(address)
    page.locator("#undoing ~ details summary").click()
    page.get_by_role("button", name=words["make"]).click()
    page.get_by_role("link", name=words["plan"]).click(timeout=MINUTE)
    page.get_by_text(words["later"], exact=True).click()
    page.get_by_role("button", name=words["now"]).click()
    expect(page.locator("h1 + .badge")).to_have_text(texts["imported"], timeout=MINUTE)
    page.goto(address)
    expect(page.locator("h1 + .badge")).to_have_text(words["undone"])
