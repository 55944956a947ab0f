"""Finds the cell that a finding belongs to, as the supplier's own file shows it."""

from collections import defaultdict
from typing import Final, NamedTuple

from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Finding, Severity, Table
from instroom.core.report.counts import WORST_FIRST

Marks = dict[int, dict[int, list[Finding]]]
"""Row number on the sheet → index of the column → what was found there."""

_UNREAD: Final = {"csv-quote": "start_row", "xml-structure": "regel"}
"""Findings of the file as a whole that know their row, and by which fact."""
_AT: Final = ("found_position", "position")


class Place(NamedTuple):
    """A cell: row number as the spreadsheet shows it, column counted from 0."""

    row: int
    column: int


def marks_of(checked: Checked, table: Table, layout: Layout) -> Marks:
    """The findings that have a row, by cell. One about a record as a whole stands at the key of its block.

    Their row numbers are those of the sheet.
    """
    columns = columns_by_label(checked, table, layout)
    last = max(len(table.headers) - 1, 0)
    marks: Marks = defaultdict(lambda: defaultdict(list))
    lower = rows_lower(checked)
    for finding in checked.findings:
        if finding.row is None and table.rows and (unread := _unread_row(finding, lower)):
            marks[unread][0].append(finding)
        if finding.row is not None:
            moved = _moved_down(finding, finding.row, lower)
            row = 1 if finding.row == table.header_row and not lower else finding.row + lower
            column = _header_cell(finding) if row == 1 else columns.get(_label(finding, layout), 0)
            marks[row][min(column, last)].append(moved)
    return marks


def _moved_down(finding: Finding, row: int, lower: int) -> Finding:
    """The finding with every row that its sentence names as the sheet numbers it."""
    if not lower:
        return finding
    facts = finding.facts
    if isinstance(last := facts.get("last_row"), int):
        facts = {**facts, "last_row": last + lower}
    if isinstance(rows := facts.get("rows"), list) and finding.column:
        facts = {**facts, "rows": [row + lower for row in rows]}
    others = tuple(other + lower for other in finding.other_rows)
    return finding._replace(row=row + lower, other_rows=others, facts=facts)


def _unread_row(finding: Finding, lower: int) -> int | None:
    """The row on the sheet that a fault in the file's structure is about, where the other rows could be read."""
    name = _UNREAD.get(finding.code)
    row = finding.facts.get(name) if name else None
    return row + lower if isinstance(row, int) and row + lower > 1 else None


def rows_lower(checked: Checked) -> int:
    """How much lower on a sheet a row stands than its number says: XML counts its records and has no header (C2)."""
    return 1 if checked.file.format == "xml" else 0


def worst(findings: list[Finding]) -> Severity:
    """The gravest severity among them."""
    return min((finding.severity for finding in findings), key=WORST_FIRST.index)


def columns_by_label(checked: Checked, table: Table, layout: Layout) -> dict[str, int]:
    """Where each column of the layout stands in this file, also where the header is not in order."""
    if table.headers == list(layout.headers):
        return {column.label: column.index for column in layout.columns}
    standing: dict[str, list[int]] = defaultdict(list)
    for index, header in enumerate(table.headers):
        standing[header].append(index)
    places = {column.label: standing[column.header].pop(0) for column in layout.columns if standing[column.header]}
    for finding in checked.findings:
        if finding.code in ("column-renamed", "column-moved") and finding.column:
            places[finding.column] = _header_cell(finding)
    return places


def _header_cell(finding: Finding) -> int:
    position = next((finding.facts[name] for name in _AT if isinstance(finding.facts.get(name), int)), 1)
    return max(position - 1, 0)


def _label(finding: Finding, layout: Layout) -> str:
    """The label of the finding's column; for a record as a whole that of the key it is about."""
    if finding.column:
        return finding.column
    about = finding.facts.get("block") or finding.code.partition("-")[0]
    for block in (layout.company, layout.person):
        if block.kind == about:
            return block.extern_id.label
    return next(column.label for column in layout.columns if column.block != "marker")
