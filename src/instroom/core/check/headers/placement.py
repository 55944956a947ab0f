"""Step 3a: do the headers of the file agree with the layout (product.md A3)?

One fault gives one finding: the headers are aligned first, so that a missing column does not make all columns after
it look wrong. Columns that can be placed are checked all the same, so that a file's faults come in one go (C1).
"""

import re
from collections.abc import Sequence
from itertools import islice
from typing import Any, NamedTuple

from instroom.core.findings import finding
from instroom.core.findings.collected import FindingKind
from instroom.core.keys import trim
from instroom.core.layout.loader import Layout
from instroom.core.model import Finding, Table
from instroom.core.xlsx.references import column_letters

_SEARCHED_ROWS = 20  # how far down a header row may have slid under title lines
_ALIKE = 0.6
_COMPARED_AT_MOST = 12_000  # pairs of headers: likeness is for people's mistakes, not for a file of noise
_SOME_HEADERS = 3  # so many filled cells are no title
_NAMED_HEADERS = 6
_OTHER_SIGNS = ",;\t|"
_VALUE = re.compile(r"[0-9]+|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|[^@\s]+@[^@\s]+|[1-9][0-9]{3} ?[A-Za-z]{2}")
"""Numbers, dates, e-mail addresses and postal codes are no headers."""
_TELLING_SHARE = 10  # one in ten of the layout's headers on row 1 makes it a header row


class Placement(NamedTuple):
    """Where each column of the layout stands in the file."""

    positions: tuple[int | None, ...]
    """For each column of the layout its index in the file; None: it is not there."""
    findings: list[Finding]
    readable: bool
    """False: row 1 holds no headers, so nothing below it can be judged."""


class _Alignment(NamedTuple):
    """Indexes into the file's headers and the layout's."""

    positions: list[int | None]
    moved: dict[int, int]  # layout → file
    renamed: dict[int, int]  # layout → file
    missing: list[int]  # layout
    added: list[int]  # file


def place(table: Table, layout: Layout) -> Placement:
    """Compare the header with the layout, and say where its columns are."""
    if tuple(table.headers) == layout.headers:
        return Placement(tuple(range(len(layout.columns))), [], True)
    if _holds_no_headers(table.headers, layout):
        return nowhere(layout)._replace(findings=[_header_missing(table, layout)])
    alignment = _align(table.headers, layout.headers)
    return Placement(tuple(alignment.positions), _findings(alignment, table, layout), True)


def other_headers(table: Table, layout: Layout) -> list[Finding]:
    """header-missing of a file of which no row could be read, if its headers could, and are others."""
    if not table.headers or not _holds_no_headers(table.headers, layout):
        return []
    missing = _header_missing(table, layout)
    return [missing] if missing.facts.get("problem") == "other" else []


def nowhere(layout: Layout) -> Placement:
    """Of a file whose columns are not known."""
    return Placement((None,) * len(layout.columns), [], False)


def _folded(header: str) -> str:
    return trim(header).casefold()


def _holds_no_headers(cells: Sequence[str], layout: Layout) -> bool:
    """Neither a fair share of the layout is on the row, nor is most of the row in the layout."""
    known = len(set(map(_folded, cells)) & set(map(_folded, layout.headers)))
    few_of_layout = known * _TELLING_SHARE < len(set(layout.headers))
    few_of_row = known * 2 < sum(1 for cell in cells if trim(cell))
    return known == 0 or (few_of_layout and few_of_row)


def _header_missing(table: Table, layout: Layout) -> Finding:
    first = dict(zip(table.places[:_SEARCHED_ROWS], table.rows[:_SEARCHED_ROWS], strict=True))
    first.update(islice(table.wrong_width_rows.items(), _SEARCHED_ROWS))
    found = [row for row, cells in sorted(first.items()) if not _holds_no_headers(cells, layout)]
    if found:
        return finding("header-missing", table.header_row, facts={"found_row": found[0]})
    filled = _header_texts(table.headers)
    if any(map(_VALUE.fullmatch, filled)):
        return finding("header-missing", table.header_row, facts={"problem": "data"})
    if len(filled) < _SOME_HEADERS:
        return finding("header-missing", table.header_row)
    more = len(filled) - _NAMED_HEADERS
    facts: dict[str, Any] = {
        "problem": "other",
        "found": filled[:_NAMED_HEADERS],
        **({"more": more} if more > 0 else {}),
    }
    return finding("header-missing", table.header_row, facts=facts)


def _header_texts(cells: Sequence[str]) -> list[str]:
    """What stands on the row of the headers. Of a row in one cell, divided by another sign, its parts; what is not
    UTF-8 as Windows-1252 reads it."""
    filled = [text for cell in cells if (text := trim(cell))]
    if len(filled) == 1:
        filled = max(([trim(part) for part in filled[0].split(sign)] for sign in _OTHER_SIGNS), key=len)
    return ["".join(map(_readable, text)) for text in filled if text]


def _readable(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # a byte that is not UTF-8
        return bytes([ord(character) - 0xDC00]).decode("cp1252", "replace")
    return character


def _align(found: Sequence[str], expected: Sequence[str]) -> _Alignment:
    # Only a file with a header fault pays for loading difflib.
    from difflib import SequenceMatcher  # noqa: PLC0415

    alignment = _Alignment([None] * len(expected), {}, {}, [], [])
    gaps: list[tuple[list[int], list[int]]] = []
    matcher = SequenceMatcher(None, found, expected, autojunk=False)
    for tag, from_, to, expected_from, expected_to in matcher.get_opcodes():
        if tag == "equal":
            alignment.positions[expected_from:expected_to] = range(from_, to)
        else:
            gaps.append((list(range(from_, to)), list(range(expected_from, expected_to))))
    _take_moved(alignment, gaps, found, expected)
    for found_gap, expected_gap in gaps:
        _take_renamed(alignment, found_gap, expected_gap, found, expected)
    return alignment


def _take_moved(
    alignment: _Alignment, gaps: list[tuple[list[int], list[int]]], found: Sequence[str], expected: Sequence[str]
) -> None:
    loose: dict[str, list[tuple[int, list[int]]]] = {}
    for found_gap, _ in gaps:
        for index in found_gap:
            loose.setdefault(found[index], []).append((index, found_gap))
    for _, expected_gap in gaps:
        for wanted in list(expected_gap):
            if candidates := loose.get(expected[wanted]):
                index, found_gap = candidates.pop(0)
                alignment.moved[wanted] = alignment.positions[wanted] = index
                found_gap.remove(index)
                expected_gap.remove(wanted)


def _take_renamed(
    alignment: _Alignment, found_gap: list[int], expected_gap: list[int], found: Sequence[str], expected: Sequence[str]
) -> None:
    """Where another header stands in the place of a layout's column, it is that column under another name.

    A header that the layout knows elsewhere is no new name, it is one column too many.
    """
    known = set(expected)
    strangers = [index for index in found_gap if found[index] not in known]
    for likeness in (_same_but_for_case, _alike, _anything):
        if likeness is _alike and len(strangers) * len(expected_gap) > _COMPARED_AT_MOST:
            continue
        for wanted in list(expected_gap):
            match = next((index for index in strangers if likeness(found[index], expected[wanted])), None)
            if match is not None:
                alignment.renamed[wanted] = alignment.positions[wanted] = match
                strangers.remove(match)
                found_gap.remove(match)
                expected_gap.remove(wanted)
    alignment.missing.extend(expected_gap)
    alignment.added.extend(found_gap)


def _same_but_for_case(found: str, expected: str) -> bool:
    return _folded(found) == _folded(expected)


def _alike(found: str, expected: str) -> bool:
    from difflib import SequenceMatcher  # noqa: PLC0415

    matcher = SequenceMatcher(None, _folded(found)[:100], _folded(expected), autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _anything(found: str, expected: str) -> bool:
    return True


def _findings(alignment: _Alignment, table: Table, layout: Layout) -> list[Finding]:
    columns, found = layout.columns, table.headers
    findings = []
    for wanted, at in alignment.renamed.items():
        expected = columns[wanted].header
        facts = {"position": at + 1, "letter": column_letters(at), "found": found[at], "expected": expected}
        findings.append(finding("column-renamed", None, columns[wanted].label, found[at], facts=facts))
    for wanted, at in alignment.moved.items():
        facts = {
            "header": columns[wanted].header,
            "found_position": at + 1,
            "expected_position": wanted + 1,
            "found_letter": column_letters(at),
            "expected_letter": column_letters(wanted),
        }
        findings.append(finding("column-moved", None, columns[wanted].label, columns[wanted].header, facts=facts))
    for wanted in alignment.missing:
        facts = {"expected": columns[wanted].header, "position": wanted + 1, "letter": column_letters(wanted)}
        findings.append(finding("column-missing", None, columns[wanted].label, facts=facts))
    last = max((at for at, header in enumerate(found) if trim(header)), default=0)
    for at in alignment.added:
        facts = {"found": found[at], "position": at + 1, "letter": column_letters(at)}
        if at < last:
            facts["inside"] = True
        findings.append(finding("column-added", None, found[at], found[at], facts=facts))
    return [item._replace(row=table.header_row) for item in sorted(findings, key=position_of)]


def position_of(item: Finding | FindingKind) -> int:
    """Where in the file, counted from 1, a finding on a column stands; of a missing column where it should."""
    return int(item.facts.get("position") or item.facts["found_position"])
