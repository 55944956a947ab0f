"""A session ends while a page is open: nothing that was typed is lost, and no part of the page vanishes."""

from playwright.sync_api import Browser, Page, expect
from tests.doors.web.web_customer import ANNA, BRAM, PASSWORD, WebCustomer

REASON = "De mensen van Zuid horen hier niet bij."


def sign_in(page: Page) -> None:
    page.locator("#name").fill("ons-approver")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden", exact=True).click()


def test_a_session_ends_while_a_plan_is_open(customer: WebCustomer, browser: Browser, address: str) -> None:
    customer.import_in_live(ANNA)
    delivery = customer.deliver(ANNA | {"PersoonVoornaam": "Aafje"}, BRAM)
    page = browser.new_page(locale="nl-NL")
    page.goto(f"{address}/customers/ons/deliveries/{delivery.pk}/plan")
    sign_in(page)
    page.context.clear_cookies(name="instroom")
    page.locator("#each .chip").last.click()
    expect(page.get_by_text("U was te lang weg.")).to_have_count(0)  # the cookie is gone too: a new browser looks alike
    sign_in(page)
    expect(page.locator("#each .chip").last).to_be_visible()

    page.locator("summary", has_text="Niet akkoord").click()
    page.locator("#reason").fill(REASON)
    page.context.clear_cookies(name="instroom")
    page.locator("form[action$='/refuse'] button").click()
    expect(page.get_by_text("U was te lang weg.")).to_be_visible()
    sign_in(page)
    expect(page.locator("blockquote")).to_have_text(REASON)
    page.get_by_role("button", name="Alsnog versturen").click()
    expect(page.locator("h1 + .badge")).to_have_text("niet akkoord")
    expect(page.get_by_text(REASON)).to_be_visible()
    page.close()
