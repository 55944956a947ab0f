"""The reference pages of the layouts, made from the layouts themselves (product.md A8)."""

from collections.abc import Iterable
from typing import Final

from instroom.core.language import Language
from instroom.core.layout.descriptions import instructions, pick
from instroom.core.layout.loader import Layout, standard
from instroom.core.write.explanation import explained, headings
from instroom.core.write.xsd import xsd

_TITLE: Final = ("# De indeling `{}`", "# The layout `{}`")
_COUNT: Final = ("{} kolommen, in deze volgorde.", "{} columns, in this order.")
_GENERATED: Final = "<!-- Generated from the layout file by `instroom.core.layout.reference`; not written by hand. -->"


def pages() -> dict[str, str]:
    """Every generated page about layouts: its path in the repository and its text."""
    layout = standard()
    return {
        "docs/reference/layout.md": layout_page(layout, "en"),
        "docs/reference/layout.nl.md": layout_page(layout, "nl"),
        f"docs/reference/{layout.name}.v{layout.version}.xsd": xsd(layout),
    }


def layout_page(layout: Layout, lang: Language) -> str:
    """A layout as a Markdown page: how to fill in a file, and a table of its columns."""
    lines = [_GENERATED, "", pick(_TITLE, lang).format(layout.id), ""]
    lines += [f"- {sentence}" for sentence in instructions(layout, lang)[:-1]]  # the last is about the sheet itself
    lines += ["", pick(_COUNT, lang).format(len(layout.columns)), ""]
    lines += [_row(headings(lang)), _row("---" for _ in headings(lang))]
    lines += [_row(explained(column, lang)) for column in layout.columns]
    return "\n".join(lines) + "\n"


def _row(values: Iterable[str]) -> str:
    return "| " + " | ".join(value.replace("|", "\\|") for value in values) + " |"
