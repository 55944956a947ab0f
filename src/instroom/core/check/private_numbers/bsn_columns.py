"""Columns of citizen service numbers (column-bsn, product.md G4): nobody may keep them, so the whole file is rejected.

A column is one by its header, by the word beside a number in it, or since more of its numbers pass the eleven-proof
than chance explains. The values of one definition of a free field are a column of their own. No finding has a value.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile, zip_longest
from typing import Any, Final, NamedTuple

from instroom.core.check.headers.placement import Placement
from instroom.core.check.private_numbers.eleven_proof import beyond_chance, is_date, named_in, numbers_in
from instroom.core.check.sheet import Sheet
from instroom.core.check.whole_column import column_facts
from instroom.core.clean_text import clean
from instroom.core.findings import CATALOGUE, finding
from instroom.core.layout.loader import Column, Layout
from instroom.core.layout.recognise import is_bsn_name, is_company_number_name
from instroom.core.layout.standard import standard
from instroom.core.model import Checked, FileFacts, Finding, Table
from instroom.core.xlsx.references import column_letters

_LONG_NUMBER: Final = r"[0-9](?:[\s.-]{0,2}[0-9]){7}"
_SHARED_BY: Final = 2
"""Persons with the same number. More share that of their employer (RSIN), which passes the same proof."""


class _Suspect(NamedTuple):
    """Texts that may hold such numbers, each with its place where that is known, and with whom it is about."""

    position: int
    label: str
    name: str
    """The header, definition, group or source."""
    texts: Sequence[str]
    places: Sequence[int]
    persons: Sequence[object]
    """Whom each text is about, None: nobody. Numbers of companies pass the same proof, so theirs are not counted."""


def find_bsn_columns(
    file: FileFacts, table: Table, layout: Layout, placement: Placement, sheet: Sheet | None = None
) -> list[Finding]:
    """The findings of a file that has such columns: these, and those of the file and its headers. Nothing else of it is
    judged, since other findings repeat values. Empty where there are none.

    Columns that are not in the layout count too. `sheet` is None where none could be placed.
    """
    found: dict[tuple[int, str], Finding] = {}
    row = None if file.format == "xml" else table.header_row
    for suspect in _suspects(table, layout, placement, sheet):
        key = suspect.position, suspect.label
        if key not in found and (item := _bsn_finding(suspect, table, row)):
            found[key] = item
    if not found:
        return []
    rest = (*table.findings, *placement.findings)
    return [*(item for item in rest if _is_about_file(item) and not _has_number(item)), *found.values()]


def holds_bsn(checked: Checked) -> bool:
    """Whether a file was rejected for such columns. Then nobody is shown its rows, and it is not kept."""
    return checked.rejected and any(item.code == "column-bsn" for item in takewhile(_is_about_file, checked.findings))


def _bsn_finding(suspect: _Suspect, table: Table, row: int | None) -> Finding | None:
    values = set(suspect.texts) - {""}
    joined = "|".join(values)
    telling: set[str] = set()
    by = ""
    if is_bsn_name(suspect.name):
        by, telling = "header", {value for value in values if any(map(str.isdigit, value)) and not is_date(value)}
    if not telling and named_in(joined).passing:
        by, telling = "word", {value for value in values if named_in(value).passing}
    if not telling and _is_beyond_chance(suspect, joined):
        by, telling = "values", {value for value in values if numbers_in(value).passing}
    if not telling and not (by and not table.rows):  # a file of which no row was read is judged by its headers
        return None
    rows = [record for record, text in enumerate(suspect.texts) if text in telling]
    facts: dict[str, Any] = {"by": by, "position": suspect.position}
    if row and suspect.position <= len(table.headers):
        facts["letter"] = column_letters(suspect.position - 1)
    if rows and suspect.places:
        facts["first_row"] = suspect.places[rows[0]]
    if len(rows) > 1 and suspect.places:
        facts |= column_facts(rows, suspect.places)
    if (name := _shown(suspect.name)) and name != suspect.label:
        facts["definition"] = name
    return finding("column-bsn", row, suspect.label or None, facts=facts)


def _is_beyond_chance(suspect: _Suspect, joined: str) -> bool:
    if all(person is None for person in suspect.persons):
        return False
    numbers = numbers_in(joined)
    if not beyond_chance(len(numbers.passing), len(numbers.all)) or is_company_number_name(suspect.name):
        return False
    cells = zip(suspect.texts, suspect.persons, strict=True)
    persons = {person for text, person in cells if person is not None and numbers_in(text).passing}
    return 0 < len(persons) <= _SHARED_BY * len(numbers.passing)


def _suspects(table: Table, layout: Layout, placement: Placement, sheet: Sheet | None) -> Iterator[_Suspect]:
    usual = set(standard().headers)
    placed = {at: column for column, at in zip(layout.columns, placement.positions, strict=True) if at is not None}
    rows = range(len(table.rows))
    persons: Sequence[object] = rows
    if sheet:
        yield from _pair_suspects(sheet, layout, placement)
        persons = _persons(sheet, layout)
    for at, header in enumerate(table.headers):
        if (column := placed.get(at)) and sheet:
            is_named = header not in usual and is_bsn_name(header)
            if is_named or column.index in sheet.with_numbers:
                by_value = column.block == "person" and not _is_second_half(column)
                about = persons if by_value else [None] * len(sheet)
                label, name = header if is_named else column.label, header if header != column.header else ""
                yield _Suspect(at + 1, label, name, sheet.texts[column.index], sheet.places, about)
        else:
            unplaced = [clean(row[at]) for row in table.rows]
            name = next(filter(is_bsn_name, re.split(r"[,;\t|]", header)), header)  # of a file that is one column
            label = _shown(header if name == header else name)
            yield _Suspect(at + 1, label, name, unplaced, table.places, persons)
    wrong, places = table.wrong_width_rows.values(), list(table.wrong_width_rows)
    for at, texts in enumerate(zip_longest(*wrong, fillvalue="")):
        label = _shown(table.headers[at]) if at < len(table.headers) else ""
        yield _Suspect(at + 1, label, "", list(map(clean, texts)), places, places)
    for header, unread in table.unread.items():
        yield _Suspect(len(table.headers) + 1, _shown(header), header, list(map(clean, unread)), (), range(len(unread)))


def _pair_suspects(sheet: Sheet, layout: Layout, placement: Placement) -> Iterator[_Suspect]:
    """What stands under one definition, group or source."""
    for block in (layout.company, layout.person):
        persons = _persons(sheet, layout) if block.kind == "person" else [None] * len(sheet)
        key = (block.extern_source, block.extern_id)
        for pairs in (block.free_fields, block.categories, (key,)):
            found: defaultdict[str, list[tuple[Column, str, int, object]]] = defaultdict(list)
            for first, second in pairs:
                if sheet.has(first) and second.index in sheet.with_numbers:
                    names, texts = sheet.texts[first.index], sheet.texts[second.index]
                    told = set(names) - {""}
                    if (first, second) == key:  # an ordinary source is no column of its own
                        told = set(filter(is_bsn_name, told))
                    for name, text, place, person in zip(names, texts, sheet.places, persons, strict=True):
                        if text and name in told:
                            found[name].append((second, text, place, person))
            for name, cells in found.items():
                columns, values, places, about = zip(*cells, strict=True)
                at = placement.positions[columns[0].index] or 0
                yield _Suspect(at + 1, columns[0].label, name, values, places, about)


def _is_second_half(column: Column) -> bool:
    return column.field.startswith(("free_fields.", "categories."))


def _persons(sheet: Sheet, layout: Layout) -> Sequence[object]:
    """Whom each record is about, by ExternId; where the file has no such column, each is about another person."""
    key = layout.person.extern_id
    return [text or None for text in sheet.texts[key.index]] if sheet.filled(key) else range(len(sheet))


def _shown(header: str) -> str:
    """The header, unless it is a value: of a file without headers."""
    return "" if re.search(_LONG_NUMBER, header) else header


def _is_about_file(item: Finding) -> bool:
    return CATALOGUE[item.code].scope in ("file", "header")


def _has_number(item: Finding) -> bool:
    facts = json.dumps(item.facts, ensure_ascii=False, default=str)  # with spaces of all kinds as they are
    return re.search(_LONG_NUMBER, f"{item.column} {item.value} {facts}") is not None
