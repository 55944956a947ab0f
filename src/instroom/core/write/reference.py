"""The reference pages of the layouts, made from the layouts themselves (product.md A8)."""

from collections.abc import Iterable, Sequence
from typing import Final

from instroom.core.language import Language
from instroom.core.layout.descriptions import WORDS, headings, instructions
from instroom.core.layout.loader import Layout
from instroom.core.layout.standard import standard_layouts
from instroom.core.write.explanation import explained
from instroom.core.write.xsd import xsd

_GENERATED: Final = "<!-- Generated from the layout file by `instroom.core.write.reference`; not written by hand. -->"
_LANGUAGES: Final[dict[Language, str]] = {"en": "", "nl": ".nl"}  # in the name of a page


def pages() -> dict[str, str]:
    """Every generated page about layouts: its path in the repository and its text."""
    *older, newest = standard_layouts()
    found = {}
    for lang in _LANGUAGES:
        found[f"docs/reference/layout{_LANGUAGES[lang]}.md"] = layout_page(newest, lang, older)
        found |= {f"docs/reference/{_page_name(layout, lang)}": layout_page(layout, lang) for layout in older}
    return found | {f"docs/reference/{layout.name}.v{layout.version}.xsd": xsd(layout) for layout in (*older, newest)}


def _page_name(layout: Layout, lang: Language) -> str:
    """Of an earlier version; the newest is `layout.md`."""
    return f"layout.v{layout.version}{_LANGUAGES[lang]}.md"


def layout_page(layout: Layout, lang: Language, older: Sequence[Layout] = ()) -> str:
    """A layout as a Markdown page: how to fill in a file, a table of its columns, and links to its `older` versions."""
    lines = [_GENERATED, "", WORDS.text("page-title", lang, layout=layout.id), ""]
    lines += [f"- {sentence}" for sentence in instructions(layout, lang)[:-1]]  # the last is about the sheet itself
    if older:
        links = ", ".join(f"[`{one.id}`]({_page_name(one, lang)})" for one in older)
        lines += ["", WORDS.text("page-older", lang, links=links)]
    lines += ["", WORDS.text("page-columns", lang, count=len(layout.columns)), ""]
    lines += [_row(headings(lang)), _row("---" for _ in headings(lang))]
    lines += [_row(explained(column, lang)) for column in layout.columns]
    return "\n".join(lines) + "\n"


def _row(values: Iterable[str]) -> str:
    return "| " + " | ".join(value.replace("|", "\\|") for value in values) + " |"
