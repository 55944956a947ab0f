"""What templates and reference pages say about a column, in Dutch and English (`descriptions.nl.toml` beside this)."""

from pathlib import Path
from typing import Final

from instroom.core.language import Language
from instroom.core.layout.loader import Column, Layout
from instroom.core.wording.catalogue import Catalogue

WORDS: Final = Catalogue(Path(__file__).parent, "descriptions")
YES_NO: Final = ("Ja", "Nee")
"""The values of a yes_no column."""


def description(column: Column, lang: Language) -> str:
    """What the column holds; the other language where the layout describes it in one only."""
    return (column.nl or column.en) if lang == "nl" else (column.en or column.nl)


def type_words(column: Column, lang: Language) -> str:
    """The kind of value, such as `datum, dd-mm-jjjj`."""
    return str(WORDS.texts(lang)["type"][column.type])


def required_words(column: Column, lang: Language) -> str:
    """Whether it must be filled in."""
    words = WORDS.texts(lang)["required"]
    return str(words.get(f"{column.required}-{column.block}") or words[column.required])


def is_required(column: Column) -> bool:
    """Whether a company or a person cannot do without it, at least when it is new."""
    return column.required in ("key", "yes")


def block_words(column: Column, lang: Language) -> str:
    """`bedrijf` or `persoon`; nothing for a marker."""
    return str(WORDS.texts(lang)["block"][column.block])


def choices_of(column: Column) -> tuple[str, ...]:
    """The only values that the column takes; none where it takes any of its type."""
    return YES_NO if column.type == "yes_no" else column.choices


def comment(column: Column, lang: Language) -> str:
    """What the template says at a column's header."""
    lines = [description(column, lang), "", WORDS.text("kind", lang, kind=type_words(column, lang))]
    if column.max_length:
        lines.append(WORDS.text("at-most", lang, most=column.max_length))
    if column.block != "marker":
        lines.append(WORDS.text("required-is", lang, required=required_words(column, lang)))
    if choices := choices_of(column):
        lines.append(WORDS.text("one-of", lang, choices=", ".join(choices)))
    return "\n".join(lines).strip()


def headings(lang: Language) -> tuple[str, ...]:
    """The headings above a table of columns."""
    return tuple(WORDS.texts(lang)["headings"])


def instructions(layout: Layout, lang: Language) -> list[str]:
    """How to fill in a file of this layout."""
    return [sentence.format(count=len(layout.columns)) for sentence in WORDS.texts(lang)["instructions"]]
