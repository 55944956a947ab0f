"""A customer, the server as it really runs, and people in a real browser: Debian's Chromium.

Playwright's loop runs in the thread of the test, which Django takes for asynchronous code; it is not.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.journeys.steps import SignIn
from tests.serving import serving

if TYPE_CHECKING:
    from tests.doors.web.web_customer import WebCustomer

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

collect_ignore = [] if "INSTROOM_TEST_CONTAINERS" in os.environ else ["test_containers.py"]  # minutes, and ports

expect.set_options(timeout=60_000)  # milliseconds: a busy machine is slow, and that is no fault
CHROMIUM = os.environ.get("INSTROOM_TEST_CHROMIUM", "/usr/bin/chromium")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-extensions", "--disable-background-networking"]
"""Nothing of it is looked at: what draws, and what asks the maker of the browser for news, only takes time."""


@pytest.fixture
def customer(tmp_path: Path) -> "WebCustomer":
    """A customer whose people can sign in."""
    from tests.doors.web.web_customer import PASSWORD, add_web_customer

    from instroom.flow import find
    from instroom.flow.people.passwords import set_password
    from instroom.store.models import Role

    customer = add_web_customer("ons", tmp_path)
    for role in Role.NAMES:
        set_password(find.user(f"ons-{role}"), PASSWORD)
    return customer


@pytest.fixture
def address(customer: "WebCustomer") -> Iterator[str]:
    """Where `instroom serve` listens."""
    with serving("serve") as address:
        yield address


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser without a screen; it starts once in each process of a run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def sign_in(browser: Browser, address: str, customer: "WebCustomer") -> Iterator[SignIn]:
    """Sign in as somebody of the customer, by a session that is there already: the form is tried in `test_accounts.py`
    and `test_keyboard.py`. Whatever the browser complains of fails the test."""
    from django.test import Client

    from instroom.flow import find

    complaints: list[str] = []
    contexts = []

    def signed_in(role: str, lang: str = "nl", width: int = 1280, **colours: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **colours)
        client = Client()
        client.force_login(find.user(f"ons-{role}"))
        cookies = {
            "instroom-language": lang,
            settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        }
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        expect(page.locator("h1")).to_have_text("Ons BV")
        return page

    yield signed_in
    for context in contexts:
        context.close()
    assert complaints == []
