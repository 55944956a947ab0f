"""What people do in the browser, in each language."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

SignIn = Callable[..., Page]
"""Signs somebody of the customer in: the role, then lang and width; gives their first page."""

LANGUAGES_AND_WIDTHS = [("nl", 1280), pytest.param("en", 390, marks=pytest.mark.slow)]
"""What a journey is made in: Dutch at a desk; in `make test-all` English on a phone too."""

TEXTS = {
    "nl": {"rejected": "afgekeurd", "waits": "wacht op akkoord", "imported": "geïmporteerd", "deliver": "Aanleveren",
           "fault": "Datum niet te lezen", "approve": r"Akkoord: .*",
           "sign_in": "Aanmelden", "search": "Zoeken"},
    "en": {"rejected": "rejected", "waits": "awaiting approval", "imported": "imported", "deliver": "Deliver",
           "fault": "Date cannot be read", "approve": r"Approve: put .*",
           "sign_in": "Sign in", "search": "Search"},
}  # fmt: skip


def open_menu(page: Page) -> None:
    """On a phone the items of a page stand in a menu."""
    if (menu := page.locator("[popovertarget=menu]")).is_visible():
        menu.click()


def sign_out(page: Page) -> None:
    """By the menu of the account."""
    page.locator("[popovertarget=account-menu]").click()
    page.locator("form[action='/sign-out'] button").click()


def deliver(page: Page, file: Path, lang: str) -> None:
    """Choose a file and send it; the page follows it until its answer is there."""
    open_menu(page)
    page.locator("nav").get_by_role("link", name=TEXTS[lang]["deliver"], exact=True).click()
    page.locator("#file").set_input_files(file)
    expect(page.locator("[data-chosen]")).to_have_text(file.name)
    page.locator("main").get_by_role("button", name=TEXTS[lang]["deliver"], exact=True).click()
    expect(page.locator("#answer")).to_be_visible()


def approve(page: Page, lang: str) -> None:
    """Let the plan go to live at once, by the bar at the bottom of its page."""
    page.locator("main").get_by_role("button", name=re.compile(TEXTS[lang]["approve"])).first.click()
