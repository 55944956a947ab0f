"""Finds the cell that a finding belongs to, as the supplier's own file shows it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from typing import Final

from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Finding, Severity, Table
from instroom.core.report.counts import WORST_FIRST

_UNREAD: Final = {"csv-quote": "start_row", "xml-structure": "regel"}
"""Findings of the file as a whole that know their row, and by which fact."""
_AT: Final = ("found_position", "position")
_LOST: Final = {"row-cell-count", "csv-quote", "xml-structure"}
"""Findings about a record that may not be in the table."""


class Marks:
    """The cells in which something was found. A finding about a record as a whole stands at the key of its block.

    Row numbers are those of the sheet. Of each cell the worst severity is kept, and no more: there can be a million
    cells. What was found in some of them is read again.
    """

    def __init__(self, checked: Checked, table: Table, layout: Layout) -> None:
        self.columns = columns_by_label(checked, table, layout)
        self._checked, self._layout, self._table = checked, layout, table
        self._last = max(len(table.headers) - 1, 0)
        self._ranks: dict[int, bytearray] = {}
        """By row and column how grave it is: 0 for nothing."""
        self._lost: set[int] = set()
        for row, column, finding in self._placed():
            if finding.code in _LOST:
                self._lost.add(row)
            ranks = self._ranks.setdefault(row, bytearray(self._last + 1))
            ranks[column] = max(ranks[column], len(WORST_FIRST) - WORST_FIRST.index(finding.severity))

    def rows(self) -> Collection[int]:
        return self._ranks.keys()

    def severities(self, row: int) -> dict[int, Severity]:
        """The worst severity of each marked cell in a row, by column."""
        return {column: WORST_FIRST[-rank] for column, rank in enumerate(self._ranks.get(row, ())) if rank}

    def marked_columns(self) -> set[int]:
        """The columns with a marked cell in any row."""
        either = 0
        for ranks in self._ranks.values():
            either |= int.from_bytes(ranks, "big")
        return {column for column, rank in enumerate(either.to_bytes(self._last + 1, "big")) if rank}

    def first_fault(self) -> tuple[int, int] | None:
        """The row and column of the first of the gravest cells."""
        gravest = max((max(ranks) for ranks in self._ranks.values()), default=0)
        if not gravest:
            return None
        row = min(row for row, ranks in self._ranks.items() if gravest in ranks)
        return row, self._ranks[row].index(gravest)

    def counts(self, rows: int) -> Counter[Severity]:
        """How many cells of the first so many rows have which worst severity."""
        found: Counter[Severity] = Counter()
        for row in self._ranks:
            if row <= rows:
                found.update(self.severities(row).values())
        return found

    def is_lost(self, row: int) -> bool:
        """Whether the row was a record that may not be in the table."""
        return row in self._lost

    def found(self, cells: Collection[tuple[int, int]]) -> dict[tuple[int, int], list[Finding]]:
        """What was found in these cells, each a row and a column."""
        found: dict[tuple[int, int], list[Finding]] = {cell: [] for cell in cells}
        for row, column, finding in self._placed():
            if (row, column) in found:
                found[row, column].append(finding)
        return found

    def place(self, finding: Finding) -> tuple[int, int] | None:
        """The row and column where a finding of this file stands; None for one about the file as a whole."""
        lower = rows_lower(self._checked)
        if finding.row is not None:
            row = 1 if finding.row == self._table.header_row and not lower else finding.row + lower
            column = _header_cell(finding) if row == 1 else self.columns.get(_label(finding, self._layout), 0)
            return row, min(column, self._last)
        unread = _unread_row(finding, lower) if self._table.rows else None
        return None if unread is None else (unread, 0)

    def _placed(self) -> Iterator[tuple[int, int, Finding]]:
        """Each finding that has a place, with its row and column."""
        lower = rows_lower(self._checked)
        for finding in self._checked.findings:
            if place := self.place(finding):
                yield *place, finding if finding.row is None else _moved_down(finding, finding.row, lower)


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
