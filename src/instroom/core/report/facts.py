"""Turns a finding's facts into pieces of a sentence: safe to show, and written the way the language does."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from instroom.core.language import Language
from instroom.core.layout.descriptions import choices_of
from instroom.core.layout.loader import Column, Layout
from instroom.core.model import Finding, Limits
from instroom.core.report.text_differences import record_differences_text
from instroom.core.report.visible import visible
from instroom.core.report.words import words
from instroom.core.wording.phrases import either, listed, number, size

_FORMATS: Final = ("csv", "xlsx", "xml", "xls", "xlsm", "pdf", "kvk", "kbo", "hra", "hrb")
_CUT: Final = Limits().cell_characters
_MORE_THAN: Final[dict[Language, str]] = {"nl": "meer dan {}", "en": "more than {}"}
_PLACES: Final = ("row", "first_row", "start_row", "found_row", "last_row", "regel", "line", "position", "character")
"""Row numbers stand as the spreadsheet shows them: 12345, not 12.345."""


def fact_text(name: str, finding: Finding, layout: Layout, lang: Language, terms: Mapping[str, str]) -> str | None:
    """The text for {name} in a sentence about this finding, or None where it is not known.

    `terms` are the texts for code words, such as `comma` → `een komma`.
    """
    value = _OF_FINDING[name](finding, layout) if name in _OF_FINDING else finding.facts.get(name)
    if value is None or value in ("", [], ()):
        return None
    if isinstance(value, str):
        return terms.get(value) or _word_text(name, value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _number_text(name, value, finding, lang)
    if name == "differences":
        return record_differences_text(value, lang)
    if name == "other_rows":
        return _listed_with_more(list(map(str, value)), finding.facts.get("more_rows"), lang)
    if name == "found" and isinstance(value, list):
        return _listed_with_more([visible(str(one)) for one in value], finding.facts.get("more"), lang)
    if isinstance(value, list | tuple):
        return _list_text(name, value, lang, terms)
    return visible(str(value))


def _word_text(name: str, value: str) -> str:
    if name in ("name_says", "content", "kind") and value.lower() in _FORMATS:
        return "KvK" if value.lower() == "kvk" else value.upper()
    return visible(value)


def _number_text(name: str, value: int, finding: Finding, lang: Language) -> str:
    if name in _PLACES:
        return str(value)
    if name == "length" and value > _CUT:
        return _MORE_THAN[lang].format(number(_CUT, lang))  # readers keep no more of a value: how long it is, is gone
    if finding.code == "file-too-large" and name in ("bytes", "limit"):
        limit = finding.facts.get("limit")
        return size(value, lang, beside=limit if name == "bytes" and isinstance(limit, int) else None)
    return size(value, lang) if name == "bytes" else number(value, lang)


def _listed_with_more(texts: Sequence[str], more: int | str | None, lang: Language) -> str:
    """The first of a list, with how many `more` there are, or that there are `some`."""
    if not more:
        return listed(texts, lang)
    said = words(lang)["text"]
    return f"{', '.join(texts)} {said['more'].format(count=more) if isinstance(more, int) else said['more_rows']}"


def _list_text(name: str, values: list[Any] | tuple[Any, ...], lang: Language, terms: Mapping[str, str]) -> str:
    items = map(str, values)
    texts = [terms.get(item) or (visible(item) if item else terms.get("none", "–")) for item in items]
    return either(texts, lang) if name == "choices" else listed(texts, lang)


def _column_of(finding: Finding, layout: Layout) -> Column | None:
    return next((column for column in layout.columns if column.label == finding.column), None)


def _choices(finding: Finding, layout: Layout) -> Any:
    column = _column_of(finding, layout)
    return finding.facts.get("choices") or (choices_of(column) if column else None)


def _max_length(finding: Finding, layout: Layout) -> Any:
    column = _column_of(finding, layout)
    return finding.facts.get("max_length") or (column.max_length or None if column else None)


_OF_FINDING: Final[dict[str, Callable[[Finding, Layout], Any]]] = {
    "value": lambda finding, _: finding.value,
    "column": lambda finding, _: finding.column,
    "other_rows": lambda finding, _: finding.other_rows,
    "extension": lambda finding, _: finding.facts.get("content"),
    "choices": _choices,
    "max_length": _max_length,
}
