"""Follows a guide of docs/handleiding to the letter: in the steps of a part, **bold** is what a reader clicks and
*italic* what they read, or fill in."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from playwright.sync_api import Locator, Page, expect

GUIDES: Final = Path(__file__).parent.parent.parent / "docs" / "handleiding"
_PART: Final = re.compile(r"^## (.+)\n((?:(?!^## ).*\n)*)", re.MULTILINE)
_STEP: Final = re.compile(r"^\d+\. (.+)$", re.MULTILINE)
_MARK: Final = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*")
CHOOSE: Final = "Bestand kiezen"
DOWNLOAD: Final = "(.xlsx)"


class Told(NamedTuple):
    """What a guide leaves to its reader."""

    names: Mapping[str, str] = {}
    """What something is called here that the guide describes, such as `uw bestand`."""
    values: Mapping[str, str] = {}
    """What is filled in, by the label of its field."""
    file: Path | None = None


def steps() -> dict[tuple[str, str], list[str]]:
    """The steps of each part of each guide that has any: by the names of the guide and the part."""
    found = {}
    for guide in sorted(GUIDES.glob("*.md")):
        for part, text in _PART.findall(guide.read_text(encoding="utf-8")):
            if listed := _STEP.findall(text):
                found[guide.stem, part] = listed
    return found


def marks(step: str) -> Iterator[tuple[str, str]]:
    """What a step has the reader click, or else read: one of each pair is empty."""
    yield from _MARK.findall(step)


def follow(page: Page, listed: list[str], told: Told) -> None:
    """Do what the steps say."""
    for step in listed:
        for click, read in marks(step):
            if click:
                _click(page, told.names.get(click, click), told)
            else:
                _read(page, read, told)


def _click(page: Page, words: str, told: Told) -> None:
    found = _to_click(page, words)
    if words == CHOOSE and told.file:
        with page.expect_file_chooser() as chooser:
            found.click()
        chooser.value.set_files(told.file)
    elif words.endswith(DOWNLOAD):
        expect(page.get_by_text("Wordt nog gemaakt")).to_have_count(0)  # a link that is followed sooner waits on a page
        with page.expect_download() as download:
            found.click()
        assert download.value.suggested_filename.endswith(".xlsx")
    else:
        found.click()


def _to_click(page: Page, words: str) -> Locator:
    """A button, link or choice of that name, or else what opens or names something; in the page before its head."""
    places = [page.locator("main"), page.locator("body")]
    begins = re.compile(f"^{re.escape(words)}")
    ways = [
        place.get_by_role(role, name=name, exact=name is words)  # type: ignore[arg-type]
        for name in (words, begins)
        for place in places
        for role in ("button", "link", "radio", "checkbox")
    ]
    ways.append(places[0].get_by_text(words, exact=True))
    shown = [way.locator("visible=true") for way in ways]
    anything = shown[0]
    for way in shown[1:]:
        anything = anything.or_(way)
    expect(anything.first).to_be_visible()
    return next(way.first for way in shown if way.count())


def _read(page: Page, words: str, told: Told) -> None:
    if words not in told.values:
        said = page.get_by_text(words).or_(page.get_by_label(words)).locator("visible=true")
        expect(said.first).to_be_visible()
        return
    field = page.get_by_label(words, exact=True).locator("visible=true").first
    if field.evaluate("one => one.tagName") == "SELECT":
        field.select_option(told.values[words])
    else:
        field.fill(told.values[words])
