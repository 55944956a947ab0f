"""From an invitation to the second factor in a real browser, in both languages; each page meets WCAG 2.2 AA."""

import re

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.doors.web.web_customer import ANNA, PASSWORD, WebCustomer
from tests.journeys.steps import LANGUAGES_AND_WIDTHS, SignIn, sign_out
from tests.journeys.test_accessibility import faults

from instroom.store.models import Mail, User

WORDS = {
    "nl": {"invite": "Uitnodigen", "accept": "Account maken", "on": "Aanzetten", "kept": "Ik heb ze bewaard",
           "sign_in": "Aanmelden", "supplier": "aanleveraar", "take": "Alle rollen afnemen",
           "show": "Toon de code voor de app"},
    "en": {"invite": "Invite", "accept": "Make an account", "on": "Turn it on", "kept": "I have saved them",
           "sign_in": "Sign in", "supplier": "supplier", "take": "Remove all roles",
           "show": "Show the code for the app"},
}  # fmt: skip


def invite(page: Page, address: str, words: dict[str, str]) -> str:
    """The operator invites; the path of the link in the mail, which is read in the web."""
    page.goto(f"{address}/customers/ons/users")
    assert faults(page) == []
    page.locator("#email").fill("nieuw@voorbeeld.example")
    page.get_by_label(words["supplier"]).check()
    page.get_by_role("button", name=words["invite"]).click()
    expect(page.get_by_role("status")).to_be_visible()
    assert faults(page) == []
    mail = Mail.objects.get(kind="invitation")
    page.goto(f"{address}/customers/ons/mails")
    assert faults(page) == []
    page.locator(f'a[href$="{mail.pk}"]').click()
    expect(page.frame_locator("iframe").locator("a[href*=invitations]")).to_be_visible()
    assert faults(page) == []
    link = page.locator(".mail-text a[href*=invitations]").get_attribute("href")
    return re.sub(r"^http://[^/]+", "", link or "")


def accept(page: Page, link: str, words: dict[str, str]) -> None:
    """Somebody new takes a name and a password."""
    page.goto(link)
    assert faults(page) == []
    page.locator("#first_name").fill("Noor")
    page.locator("#last_name").fill("van Dam")
    page.locator("#name").fill("nieuw")
    page.locator("#password").fill(PASSWORD)
    page.locator("[data-shows=password]").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    page.get_by_role("button", name=words["accept"]).click()
    expect(page.locator("h1")).to_have_text("Ons BV")


def set_up(page: Page, address: str, words: dict[str, str]) -> str:
    """Turn the second factor on, as an app would; a recovery code."""
    page.goto(f"{address}/account")
    assert faults(page) == []
    page.goto(f"{address}/account/second-factor")
    assert faults(page) == []
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name=words["show"]).click()
    assert page.locator("img.qr").evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    page.locator("summary").click()
    assert faults(page) == []
    app = pyotp.TOTP(page.locator(".secret").inner_text().replace(" ", ""))
    page.locator("#code").fill(app.now())
    page.get_by_role("button", name=words["on"]).click()
    expect(page.locator(".secrets li")).to_have_count(10)
    assert faults(page) == []
    code = page.locator(".secrets li").first.inner_text()
    page.get_by_role("link", name=words["kept"]).click()
    return code


@pytest.mark.parametrize(("lang", "width"), LANGUAGES_AND_WIDTHS)
def test_from_an_invitation_to_a_second_factor(
    customer: WebCustomer, sign_in: SignIn, browser: Browser, address: str, lang: str, width: int
) -> None:
    words = WORDS[lang]
    User.objects.filter(username="ons-approver").update(email="approver@voorbeeld.example")
    customer.deliver(ANNA)
    operator = sign_in("operator", lang, width)
    link = address + invite(operator, address, words)
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "instroom-language", "value": lang, "url": address}])
    page = context.new_page()
    accept(page, link, words)
    spare = set_up(page, address, words)
    sign_out(page)
    page.locator("#name").fill("nieuw")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name=words["sign_in"]).click()
    page.locator("#code").fill("000000")
    page.get_by_role("button", name=words["sign_in"]).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []
    page.locator("#code").fill(spare)
    page.get_by_role("button", name=words["sign_in"]).click()
    expect(page.locator("h1")).to_have_text("Ons BV")
    page.goto(f"{address}/account/second-factor")
    assert faults(page) == []
    operator.goto(f"{address}/customers/ons/users/{User.objects.get(username='nieuw').pk}")
    assert faults(operator) == []
    operator.get_by_role("button", name=words["take"]).click()
    expect(operator.get_by_role("status")).to_be_visible()
    page.goto(f"{address}/customers/ons")
    expect(page.locator("h1")).not_to_have_text("Ons BV")
    context.close()
