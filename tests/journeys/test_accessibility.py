"""No page breaks WCAG 2.2 AA, as axe-core judges it in the browser; each can be used on a phone, and weighs little."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from tests.doors.web import routes
from tests.doors.web.web_customer import ANNA, BAD_DATE, COMPANY, WebCustomer
from tests.journeys.steps import SignIn

from instroom.doors.cli.run_due import run_due
from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.delivery.undo import undo as begin_undo
from instroom.flow.file_server import accounts
from instroom.flow.webhooks import calls, manage
from instroom.store.models import Connection, Delivery, User

WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # of style sheets and films: no rule of these asks for the first, and no page has the second
}
_FAULTS = """async ([within, options]) => {
  const found = (await axe.run(within, options)).violations.map(one => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`);
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? [...found, 'wider than the window'] : found;
}"""


def addresses(*deliveries: Delivery) -> Iterator[str]:
    """The path of every page: one of a delivery for each of these."""
    for name, route in routes.OF_A_CUSTOMER.items():
        if route.page and route.post is None and not route.of:  # those of people and mails: test_accounts.py
            for delivery in deliveries if route.of_delivery else deliveries[:1]:
                more = {"delivery_id": str(delivery.pk)} if route.of_delivery else {}
                yield reverse(name, kwargs={"customer": "ons", **route.arguments, **more}) + route.query
    yield from map(reverse, sorted({"home"} | routes.OF_ALL_CUSTOMERS | routes.FOR_SITE_OPERATORS))


HELP = ("/help", "/help/supplier", "/help/findings/value-date")
WEIGHT = "performance.getEntriesByType('resource').reduce((sum, one) => sum + one.decodedBodySize, 0)"
PHONE = {"width": 390, "height": 900}


def unfit_for_a_phone(page: Page) -> list[str]:
    """Whether the page is wider than a phone, or heavier than 200 kB."""
    window = page.viewport_size or PHONE
    weighs = page.evaluate(WEIGHT)
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(window)
    return [f"{width} wide, {weighs} bytes"] if width > PHONE["width"] or not 0 < weighs < 200_000 else []


def faults(page: Page, within: str = "html") -> list[str]:
    """What axe finds in the page as it stands, or in a part: the rule, and the first place where it is broken."""
    page.evaluate(f"{AXE_SCRIPT}; null")
    found: list[str] = page.evaluate(_FAULTS, [within, WCAG])
    return found


def faults_of_menus(page: Page, address: str) -> dict[str, list[str]]:
    """What axe finds in each menu of the head while it is open; Esc closes it."""
    page.goto(address + reverse("customer", args=["ons"]))
    found = {}
    for opener in page.locator("header [popovertarget]:visible").all():
        opener.click()
        menu = f"#{opener.get_attribute('popovertarget')}"
        expect(page.locator(menu)).to_be_visible()
        found[menu] = faults(page, menu)  # it lies over parts of the page
        page.keyboard.press("Escape")
        expect(page.locator(menu)).to_be_hidden()
    return found


def faults_of_a_supplier(page: Page, address: str, call: str) -> dict[str, list[str]]:
    """What axe finds where a supplier sees less than an operator, by path."""
    own = [reverse(name, args=["ons"]) for name in ("connections", "webhooks")]
    found = {}
    for path in (*own, reverse("connection", args=["ons", "nacht"]), reverse("webhook", args=["ons", "crm"]), call):
        page.goto(address + path)
        found[f"{path} of a supplier"] = faults(page)
    return found


@pytest.mark.parametrize(
    ("lang", "width", "colours"),
    [
        ("nl", 1280, {}),
        pytest.param("en", 390, {}, marks=pytest.mark.slow),
        pytest.param("nl", 1280, {"color_scheme": "dark"}, marks=pytest.mark.slow),
        pytest.param("nl", 390, {"forced_colors": "active"}, marks=pytest.mark.slow),
    ],
    ids=["desk", "phone", "dark", "forced colours"],
)
def test_every_page_is_for_everybody(
    customer: WebCustomer, sign_in: SignIn, address: str, lang: str, width: int, colours: dict[str, str]
) -> None:
    imported = customer.import_in_live(ANNA | COMPANY)
    rejected = customer.deliver(ANNA, BAD_DATE | {"PersoonExternId": "Z" * 50})
    waiting = customer.deliver(
        ANNA | COMPANY | {"PersoonOpmerking": "w" * 300}, BAD_DATE | {"PersoonGeboortedatum": ""}
    )
    undo = begin_undo(imported, by=find.user("ons-operator"))
    run_due(undo)
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    accounts.add("hr", find.customer("ons"), "een-lang-woord-7", by=find.user("ons-operator"))
    connections.add(
        "nacht",
        find.customer("ons"),
        by=find.user("ons-operator"),
        account="hr",
        file_name="personen.csv",
        schedule="daily 01:00",
        standing=True,
    )
    Connection.ever.create(id=routes.REMOVED, customer=find.customer("ons"), name="oud", removed_at=timezone.now())
    webhook = manage.add(
        "crm", find.customer("ons"), by=find.user("ons-operator"), address="https://crm.voorbeeld.example/"
    ).webhook
    call = reverse("webhook-call", args=["ons", "crm", calls.try_out(webhook, by=find.user("ons-operator")).pk])
    page = sign_in("operator", lang, width, **colours)
    at_length = lang == "en"  # `make test` has less time: it opens each kind of page once
    pages = [*addresses(*([waiting, rejected, imported, undo] if at_length else [waiting])), call]
    pages += [reverse("plan", args=["ons", undo.pk]), customer.dossier("P-1"), customer.dossier("C-1")]
    found: dict[str, list[str]] = {}
    for path in pages:
        if at_length and not page.request.get(address + path).ok:
            continue  # a rejected delivery has no plan, and an imported one is not corrected
        page.goto(address + path)  # whose answer is not good fails the test: the browser complains
        if page.url not in found:  # what did not change leads to the plan
            found[page.url] = unfit_for_a_phone(page) + faults(page)
    found |= faults_of_menus(page, address)
    page.goto(address + reverse("file-account", args=["ons", "hr"]))
    page.locator("form[action$='/password'] button").click()
    expect(page.locator("#new-password")).to_be_visible()
    found["another password"] = faults(page)
    page.goto(address + reverse("webhook", args=["ons", "crm"]))
    page.locator("details").first.locator("summary").click()
    page.locator("form[action$='/secret'] button").click()
    expect(page.locator("#secret")).to_be_visible()
    found["another secret"] = faults(page)
    if at_length:
        found |= faults_of_a_supplier(sign_in("supplier", lang, width), address, call)
    assert {path: one for path, one in found.items() if one} == {}


def test_what_anybody_sees_is_for_everybody(browser: Browser, address: str) -> None:
    page = browser.new_page()
    found = {}
    for path in (reverse("sign-in"), reverse("organisation"), reverse("forgotten"), "/nergens", *HELP):
        page.goto(address + path)
        found[path] = unfit_for_a_phone(page) + faults(page)
    assert {path: one for path, one in found.items() if one} == {}
    page.close()
