"""The report for programs: the document of `check --format json`. Its keys are a contract."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Protocol

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Finding
from instroom.core.report.counts import counts_by_group, counts_of, unlisted
from instroom.core.report.sentence_cache import SentenceCache, Worded

Encode = Callable[[Any], str]


class TextStream(Protocol):
    """What takes text: an open file, standard output."""

    def write(self, text: str, /) -> object:
        """Take the next piece of text."""


def report_json(checked: Checked, layout: Layout, lang: Language = "nl") -> dict[str, Any]:
    """The document; its findings stand in order of row, then column. Values are as the file has them."""
    sentences = SentenceCache(layout, lang)
    return {**_head(checked), "findings": [_document(one, sentences) for one in checked.findings]}


def dump(checked: Checked, layout: Layout, lang: Language, stream: TextStream) -> None:
    """Write the document piece by piece: a report of 100,000 findings is never one string in memory.

    Pure ASCII, one finding a line: no encoding of a terminal or a pipe can spoil it, and no value can act on it.
    """
    for piece in _pieces(checked, layout, lang):
        stream.write(piece)


def _pieces(checked: Checked, layout: Layout, lang: Language) -> Iterator[str]:
    from json import JSONEncoder  # noqa: PLC0415 - a report as text does without

    encode = JSONEncoder().encode
    yield "{\n"
    for name, value in _head(checked).items():
        yield f"{encode(name)}: {encode(value)},\n"
    yield '"findings": ['
    between, sentences, again = "\n", SentenceCache(layout, lang), lru_cache(4096)(encode)
    for one in checked.findings:
        yield between + _finding_line(one, sentences.of(one), encode, again)
        between = ",\n"
    yield "\n]}\n" if checked.findings else "]}\n"


def _head(checked: Checked) -> dict[str, Any]:
    file = checked.file
    return {
        "file": {"name": file.name, "format": file.format, "bytes": file.bytes, "sha256": file.sha256},
        "layout": checked.layout,
        "verdict": checked.verdict,
        "counts": counts_of(checked),
        **({"unlisted": groups} if (groups := _unlisted(checked)) else {}),
    }


def _unlisted(checked: Checked) -> list[dict[str, Any]]:
    """The groups of which not all findings are listed: how many there are, and how many of them are."""
    counts = counts_by_group(checked)
    return [
        {"severity": severity, "code": code, "column": column, "count": count, "listed": count - absent}
        for (severity, code, column), absent in unlisted(checked).items()
        for count in [counts[severity, code, column]]
    ]


def finding_json(finding: Finding, layout: Layout, lang: Language) -> dict[str, Any]:
    """One finding of the document."""
    return _document(finding, SentenceCache(layout, lang))


def _document(finding: Finding, sentences: SentenceCache) -> dict[str, Any]:
    message, remedy = sentences.of(finding)
    return {
        "code": finding.code,
        "severity": finding.severity,
        "row": finding.row,
        "column": finding.column or None,
        "value": finding.value,
        "other_rows": list(finding.other_rows),
        "message": message,
        "remedy": remedy,
        **({"likely": likely} if (likely := finding.facts.get("likely")) else {}),
    }


def _finding_line(finding: Finding, worded: Worded, encode: Encode, again: Encode) -> str:
    """The finding as `encode` writes its document. Put together by hand from texts, of which most come `again`: that
    takes a quarter of the time."""
    code, severity, row, column, value, others, facts = finding
    likely = f', "likely": {encode(facts["likely"])}' if facts.get("likely") else ""
    return (
        f'{{"code": {again(code)}, "severity": {again(severity)}, "row": {"null" if row is None else row}'
        f', "column": {again(column) if column else "null"}, "value": {"null" if value is None else encode(value)}'
        f', "other_rows": {encode(others) if others else "[]"}'
        f', "message": {again(worded.message)}, "remedy": {again(worded.remedy)}{likely}}}'
    )
