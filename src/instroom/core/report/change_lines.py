"""A change field by field, for a table: label, what was, what becomes of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.report.plan_text import field_label
from instroom.core.report.text_differences import difference_text
from instroom.core.report.value_words import value_word
from instroom.core.report.visible import visible, visible_lines
from instroom.core.report.words import words

_LENGTH = 300


class ChangedValue(NamedTuple):
    label: str
    old: str
    new: str
    link: bool = False
    """It is the tie between a person and a company."""
    category: bool = False
    """It is one of several."""
    only: str = ""
    """In words, what the two differ in where the eye might miss it."""


def lines_of(
    change: Mapping[str, Any],
    layout: Layout,
    lang: Language,
    length: int = _LENGTH,
    companies: tuple[str, str] = ("", ""),
) -> list[ChangedValue]:
    """The lines of a change as `flow.delivery_document.in_words` gives it; values no longer than `length`. `companies`
    are the names of the companies of before and after, where they are known."""
    texts, lines = words(lang)["change"], []
    if change["link"]:
        _, old, new = change["link"]
        was, becomes = (company_text(*one) for one in zip(companies, (old or "", new or ""), strict=True))
        lines.append(ChangedValue(texts["company"], was, becomes, link=True))
    for field, (old, new) in change["fields"].items():
        label = field_label(change["kind"], field, layout, lang)
        was, becomes = (value_word(change["kind"], field, value or "", lang) for value in (old, new))
        lines.append(_changed(label, was, becomes, lang, length))
    category = str(texts["category"]).capitalize()
    for pair in change["categories"]:
        lines.append(ChangedValue(category, "", visible(": ".join(pair), length), category=True))
    for pair in change["categories_removed"]:
        lines.append(ChangedValue(category, visible(": ".join(pair), length), "", category=True))
    for code, (old, new) in change["free_fields"].items():
        label = str(texts["free_field"].format(name=visible(code))).capitalize()
        lines.append(_changed(label, old or "", new or "", lang, length))
    return lines


def company_text(name: str, key: str) -> str:
    """`Locatie De Linde (B0001)`: people know a company by its name."""
    return f"{visible(name)} ({visible(key)})" if name and key else visible(key)


def _changed(label: str, old: str, new: str, lang: Language, length: int) -> ChangedValue:
    only = difference_text(old, new, lang)
    return ChangedValue(label, visible_lines(old, length), visible_lines(new, length), only=only)
