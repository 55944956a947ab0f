"""Makes a table of the rows of a sheet: headers, records, and what is wrong with their shape."""

from collections.abc import Iterable
from typing import Any

from instroom.core.findings import finding
from instroom.core.keys import trim
from instroom.core.model import CellNote, Finding, Limits, Table
from instroom.core.read.table_builder import first_texts, rows_too_many
from instroom.core.read.wrong_width_rows import MOST_CELLS, WrongWidthRows
from instroom.core.xlsx.errors import unsafe
from instroom.core.xlsx.references import column_letters
from instroom.core.xlsx.rows import Row

_SLOTS = 8 * 1024 * 1024  # cells of the table, blank ones too: 64 MB
_UNTRUSTED_SLOTS = 1_500_000  # likewise, where the header is not that of the layout


class XlsxTableBuilder:
    """Takes the rows of a sheet in order. Row 1 holds the headers."""

    def __init__(self, known: Iterable[str], limits: Limits) -> None:
        self._known = frozenset(header.casefold() for header in known)
        self._limits = limits
        self.headers: list[str] = []
        self.records = 0
        self.last_row = 1
        self.counted_whole = True
        self.hidden_rows: list[int] = []
        self._rows: list[list[str]] = []
        self._places: list[int] = []
        self._notes: dict[int, dict[int, int]] = {}
        self._wrong_width_rows = WrongWidthRows()
        self._findings: list[Finding] = []
        self._trusted = False

    @property
    def limit(self) -> int:
        """The records that a delivery may hold."""
        return self._limits.records

    @property
    def full(self) -> bool:
        """More records than a delivery may hold."""
        return self.records > self._limits.records

    def has_values(self, column: int) -> bool:
        """Whether any record has a value there."""
        return any(trim(row[column]) for row in self._rows)

    def add(self, row: Row) -> None:
        """The next row of the sheet that holds something."""
        if row.number == 1:
            self._header(row)
        elif any(map(trim, row.cells.values())) or any(flags & CellNote.NO_VALUE for flags in row.notes.values()):
            self._record(row)

    def _header(self, row: Row) -> None:
        filled = [column for column, text in row.cells.items() if trim(text)]
        width = max(filled, default=-1) + 1
        self.headers = [row.cells.get(column, "") for column in range(width)]
        # A header that cannot be right says nothing of how wide records are: then they are no faults on their own.
        near = width <= 2 * len(self._known) + 100
        self._trusted = near and not self._known.isdisjoint(trim(header).casefold() for header in self.headers)
        if row.hidden and filled:
            self.hidden_rows.append(1)

    def _record(self, row: Row) -> None:
        if blank := row.number - self.last_row - 1:  # one finding for all blank rows before this record
            facts: dict[str, Any] = {"count": blank, "last_row": row.number - 1}
            self._findings.append(finding("row-blank", self.last_row + 1, facts=facts))
        self.last_row = row.number
        self.records += 1
        if row.hidden:
            self.hidden_rows.append(row.number)
        width = len(self.headers)
        last = max(row.cells)
        if last >= width:
            last = max((c for c, text in row.cells.items() if trim(text) or c in row.notes), default=0)
        if last < width:
            self._keep(row, width)
            return
        if last < MOST_CELLS:
            self._wrong_width_rows.keep(row.number, _cells(row, last + 1))
        if self._trusted:
            beside = [c for c, text in sorted(row.cells.items()) if c >= width and (trim(text) or c in row.notes)]
            place = f"{column_letters(beside[0])}{row.number}"
            facts = {"found": last + 1, "expected": width, "problem": "beside", "cell": place, "cells": len(beside)}
            self._findings.append(finding("row-cell-count", row.number, facts=facts | {"text": row.cells[beside[0]]}))

    def _keep(self, row: Row, width: int) -> None:
        index = len(self._rows)
        if not self._trusted and index * width > _UNTRUSTED_SLOTS:
            return
        if index * width > _SLOTS:
            raise unsafe("bomb")
        for column, flags in row.notes.items():
            if column < width:
                self._notes.setdefault(column, {})[index] = flags
        self._rows.append(_cells(row, width))
        self._places.append(row.number)

    def table(self, findings: list[Finding], of_rows: list[Finding]) -> Table:
        """All of it; without rows, and what is said `of_rows`, where there are too many of them."""
        if not self.full:
            found = [*findings, *of_rows, *self._findings]
            wrong_width_rows = self._wrong_width_rows.rows
            return Table(self.headers, self._rows, self._places, self._notes, found, self.records, wrong_width_rows)
        too_many = rows_too_many(self.records, self._limits.records, at_least=not self.counted_whole)
        unread = first_texts(self.headers, self._rows)
        return Table(self.headers, [], [], {}, [too_many, *findings], self.records, unread=unread)


def _cells(row: Row, width: int) -> list[str]:
    cells = [""] * width
    for column, text in row.cells.items():
        if column < width:
            cells[column] = text
    return cells
