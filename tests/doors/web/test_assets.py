"""What every page needs beside itself: small, ours, and there."""

import re
from pathlib import Path

from tests.doors.web.web_customer import WebCustomer, browser

from instroom.doors import web
from instroom.doors.web.frame import assets, icons

TEMPLATES = {path.name: path.read_text(encoding="utf-8") for path in Path(web.__file__).parent.rglob("*.html")}


def test_all_assets_together_weigh_little() -> None:
    files = [path for path in assets.FOLDER.iterdir() if path.is_file() and not path.name.endswith(".LICENSE.txt")]
    assert sum(path.stat().st_size for path in files) < 250_000


def test_the_style_sheet_asks_for_files_that_are_there() -> None:
    style = (assets.FOLDER / "web.css").read_text(encoding="utf-8")
    asked = re.findall(r'url\("([^"]+)"\)', style)
    assert {name for name in asked if not (assets.FOLDER / name).is_file()} == set()
    assert "source-sans-3-latin.woff2" in asked


def test_each_token_of_the_style_sheet_is_defined_and_used() -> None:
    style = (assets.FOLDER / "web.css").read_text(encoding="utf-8")
    defined = set(re.findall(r"^\s+(--[a-z-]+):", style, re.MULTILINE)) | set(re.findall(r"{ (--[a-z-]+):", style))
    assert set(re.findall(r"var\((--[a-z-]+)\)", style)) == defined


def test_the_typeface_is_asked_for_with_the_page(customer: WebCustomer) -> None:
    page = customer.signed_in("reader").get("/customers/ons").content.decode()
    assert f'<link rel="preload" href="{assets.address("source-sans-3-latin.woff2")}" as="font"' in page


def test_each_icon_that_a_page_asks_for_is_drawn() -> None:
    asked = {name for text in TEMPLATES.values() for name in re.findall(r'{% icon "([^"]+)"', text)}
    assert asked <= icons.drawings().keys()
    assert len(icons.drawings()) == (assets.FOLDER / "icons.svg").read_text(encoding="utf-8").count("<symbol ")
    for drawing in icons.drawings().values():
        assert drawing.startswith('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><')


def test_the_language_is_chosen_in_the_menu_of_the_account_and_before_signing_in(customer: WebCustomer) -> None:
    signed_in = customer.signed_in("reader").get("/customers/ons").content.decode()
    menu = signed_in.partition('id="account-menu"')[2].partition("</div>")[0]
    assert 'action="/language"' in menu
    assert 'action="/language"' in browser().get("/sign-in").content.decode()
