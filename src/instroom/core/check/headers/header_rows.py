"""Rows below the header that are headers themselves: repeated where files were joined, or labels beneath it.

Each is one finding; judged as a record it would be dozens.
"""

import re
from collections.abc import Sequence
from operator import itemgetter
from typing import Any, Final

from instroom.core.check.headers.placement import Placement
from instroom.core.findings import finding
from instroom.core.keys import trim
from instroom.core.language import LANGUAGES
from instroom.core.layout.descriptions import description, required_words, type_words
from instroom.core.layout.elements import element_name
from instroom.core.layout.loader import Column, Layout
from instroom.core.layout.recognise import normal, recognise
from instroom.core.model import Finding, Table
from instroom.core.xlsx.references import column_letters

_LABELS_WITHIN: Final = 3
"""Records below the header among which a row of labels is looked for."""
_ALIKE: Final = 5
"""Cells that all say the same, or number their columns: so many are no record."""
_TYPE: Final = (
    r"(?:tekst|text|string|n?varchar2?|n?char|alfanumeriek|alphanumeric|datum|date|numeriek|numeric|number|getal|int"
    r"|integer|bool|boolean|ja ?/ ?nee|j/n|y/n|yes/no|keuze|choice|enum|e-?mail|verplicht|optioneel|required|optional"
    r"|mandatory|sleutel|key|max(?:imaal|imum)?)\b.*"
)
"""What rows of types and of what is required begin their cells with."""
_REQUIRED: Final = frozenset("ja nee yes no j n y x".split())
"""Beside a `verplicht` or `required`."""


def take_out_header_rows(table: Table, layout: Layout, placement: Placement) -> Table:
    """The table without those rows, with a finding for each."""
    found = dict.fromkeys(_repeated_headers(table, layout, placement), "headers")
    found.update({index: "labels" for index in _label_rows(table, layout, placement) if index not in found})
    wrong_width = table.wrong_width_rows.items()
    joined = {place: problem for place, cells in wrong_width if (problem := _header_within(cells, layout))}
    if not found and not joined:
        return table
    findings = [item for item in table.findings if item.code != "row-cell-count" or item.row not in joined]
    findings += [_finding(table.places[index], problem) for index, problem in found.items()]
    findings += [_finding(place, problem) for place, problem in joined.items()]
    stays = [index for index in range(len(table.rows)) if index not in found]
    number = {index: new for new, index in enumerate(stays)}
    return table._replace(
        rows=[table.rows[index] for index in stays],
        places=[table.places[index] for index in stays],
        notes={
            column: {number[index]: flags for index, flags in cells.items() if index in number}
            for column, cells in table.notes.items()
        },
        findings=findings,
    )


def _finding(row: int, problem: str) -> Finding:
    facts: dict[str, Any] = {"problem": problem}
    return finding("header-repeated", row, facts=facts)


def _repeated_headers(table: Table, layout: Layout, placement: Placement) -> list[int]:
    """The rows of which most cells are headers. Looked for in ExternSource, which has few different values."""
    names = _header_names(layout)
    suspects: list[int] = []
    for block in (layout.company, layout.person):
        at = placement.positions[block.extern_source.index]
        if at is not None and any(_folded(value) in names for value in set(map(itemgetter(at), table.rows))):
            suspects += [index for index, row in enumerate(table.rows) if _folded(row[at]) in names]
    return [index for index in sorted(set(suspects)) if _mostly_headers(table.rows[index], names)]


def _header_within(cells: Sequence[str], layout: Layout) -> str | None:
    """Whether a row of another width is a header too, or a record with the header of a second file behind it."""
    names = _header_names(layout)
    known = [index for index, cell in enumerate(cells) if _folded(cell) in names]
    if 2 * len(known) < len(layout.headers) or len(known) < 2:
        return None
    return "headers" if _mostly_headers(cells[: known[0] + len(known)], names) and known[0] < 2 else "joined"


def _header_names(layout: Layout) -> set[str]:
    names = {_folded(header) for header in layout.headers}
    return names | {element_name(column).casefold() for column in layout.columns if column.block != "marker"}


def _mostly_headers(row: Sequence[str], names: set[str]) -> bool:
    filled = [cell for cell in map(_folded, row) if cell]
    known = sum(cell in names for cell in filled)
    return known > 1 and 2 * known > len(filled)


def _folded(cell: str) -> str:
    return trim(cell).strip("\x1a").casefold()


def _label_rows(table: Table, layout: Layout, placement: Placement) -> list[int]:
    """The rows right below the header that say what belongs in each column, or underline it as sqlcmd does."""
    keys = (layout.company.extern_id, layout.person.extern_id)
    placed = [(column, at) for column, at in zip(layout.columns, placement.positions, strict=True) if at is not None]
    found = []
    for index, row in enumerate(table.rows[:_LABELS_WITHIN]):
        filled = [(column, cell) for column, at in placed if (cell := trim(row[at]))]
        key_cells = [(column, cell) for column, cell in filled if column in keys]
        if (any(_may_label(*key) for key in key_cells) and _are_labels(filled)) or (key_cells and _are_counted(filled)):
            found.append(index)
    return found


def _are_labels(filled: Sequence[tuple[Column, str]]) -> bool:
    """Whether these cells describe their columns, underline the headers, or all say the same."""
    cells = {cell for _, cell in filled}
    underlined = len(filled) > 1 and all(len(cell) > 2 and not cell.strip("-") for cell in cells)
    return underlined or (len(cells) == 1 and len(filled) >= _ALIKE) or _are_descriptions(filled)


def _are_counted(filled: Sequence[tuple[Column, str]]) -> bool:
    """Whether the columns are numbered, 1, 2, 3 or A, B, C."""
    numbered = all(cell == str(column.index + 1) for column, cell in filled)
    lettered = all(cell.upper() == column_letters(column.index) for column, cell in filled)
    return len(filled) >= _ALIKE and (numbered or lettered)


def _may_label(column: Column, cell: str) -> bool:
    """Whether this cell of a key can be no key: a quick look, before all cells get a thorough one."""
    return not any(map(str.isdigit, cell)) or _is_type(cell) or cell == str(column.max_length)


def _is_type(cell: str) -> bool:
    return re.fullmatch(_TYPE, cell, re.I | re.S) is not None


def _are_descriptions(filled: Sequence[tuple[Column, str]]) -> bool:
    """Whether three in five of these cells, and three at least, say what belongs there."""
    required = any(_is_type(cell) for _, cell in filled)
    meanings = recognise([cell for _, cell in filled])
    known = sum(
        meaning is not None or _describes(column, cell) or (required and cell.casefold() in _REQUIRED)
        for (column, cell), meaning in zip(filled, meanings, strict=True)
    )
    return known >= 3 and known * 5 >= len(filled) * 3


def _describes(column: Column, cell: str) -> bool:
    if cell == str(column.max_length) or _is_type(cell):
        return True
    said = [words(column, lang) for words in (description, type_words, required_words) for lang in LANGUAGES]
    if normal(cell) in map(normal, (column.header, column.field, *said)):
        return True
    return re.fullmatch(rf"{re.escape(column.header)}\s*[*:(\[/-].*", cell, re.I | re.S) is not None  # (required)
