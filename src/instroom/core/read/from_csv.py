"""CSV: UTF-8, semicolons, RFC 4180 quoting, CRLF, LF or CR (product.md A2).

A quote inside a cell that does not begin with one is text, as spreadsheets read it. Rows are counted as a spreadsheet
shows them: one for each line outside quotes, empty lines too.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from instroom.core.findings import finding
from instroom.core.keys import trim
from instroom.core.layout.loader import Layout
from instroom.core.model import Finding, Limits, Table
from instroom.core.read.csv_delimiter import other_delimiter
from instroom.core.read.csv_encoding import encoding_fault
from instroom.core.read.csv_lines import Endless, Lines
from instroom.core.read.table_builder import TableBuilder, has_value, shortened

_LINE_CHARACTERS: Final = 64 * 1024  # of the first line, to look for the delimiter
_COUNTED: Final = 10
"""Rows, times the records that a file may have: nobody counts further."""
_CELLS: Final = 12_000_000  # ten times a full delivery: nobody reads further
_CELL = re.compile(r'(?:"((?:[^"]|"")*+)"|([^;\r\n]*+))(;|[\r\n]*+\Z)')


def read_csv(path: Path, layout: Layout, limits: Limits) -> Table:
    """The rows of a CSV file; its faults are findings of the table. Raises OSError where it cannot be opened."""
    with _opened(path) as text:
        first_line = text.readline(_LINE_CHARACTERS)
    if found := other_delimiter(first_line, layout):
        return Table([trim(first_line)], [], [], {}, [finding("csv-delimiter", facts={"found": found})], 0)
    with _opened(path) as text:
        return _Reading(Lines(text, limits.columns), layout, limits).table()


def _opened(path: Path) -> io.TextIOWrapper:
    """Text of which only CR, LF and CRLF end a line, and which shows what is not UTF-8 as lone surrogates."""
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


class _Reading:
    """One pass over the file."""

    def __init__(self, lines: Lines, layout: Layout, limits: Limits) -> None:
        self._lines = lines
        self._layout = layout
        self._limits = limits
        self._reader = csv.reader(lines, delimiter=";", strict=True)
        self._builder = TableBuilder([], limits)

    def table(self) -> Table:
        try:
            self._read()
        except Endless:
            self._builder.reject(self._endless())
        if self._lines.bad:
            self._builder.reject(encoding_fault(self._lines.bad))
        return self._builder.table()

    def _read(self) -> None:
        records = self._records()
        header = next(records, None)
        if header is None:
            self._builder.discard_rows()  # nobody knows what stands in which column
        self._builder.headers = self._headers(header or [])
        read = 0
        for cells in records:
            if cells is not None:
                self._take(cells)
                read += len(cells)
            if self._lines.row > _COUNTED * self._limits.records or read > _CELLS:
                self._builder.complete = self._lines.rest_is_blank()
                return

    def _headers(self, cells: list[str]) -> list[str]:
        """Row 1 as it is; a title or empty line there gets the width of the layout, as the rows below it have that."""
        cells = shortened(cells, self._limits)
        expected = self._layout.headers
        if len(cells) < len(expected) and not {trim(cell).casefold() for cell in cells} & _folded(expected):
            cells += [""] * (len(expected) - len(cells))
        return cells

    def _records(self) -> Iterator[list[str] | None]:
        """The cells of each row, None for one that cannot be read: that is a finding."""
        lines, reader = self._lines, self._reader
        while not lines.ended:
            lines.begin_row()
            cells: list[str] | None
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = self._recovered()
            yield cells

    def _take(self, cells: list[str]) -> None:
        lines = self._lines
        if not has_value(cells):
            self._builder.add_blank(lines.row, telling=len(cells) > 1)
            return
        if lines.characters > self._limits.cell_characters:
            cells = shortened(cells, self._limits)
        self._builder.add_record(lines.row, cells, lines.bytes)

    def _recovered(self) -> list[str] | None:
        """The cells of a row that the csv module refuses only for the length of one; else None, with a finding.

        After text behind a closing quote, reading goes on with the next line, and the other rows are sound. Not where
        the row already took several lines: then it is more likely that a quote on the first was left open, and no row
        is certain.
        """
        lines = self._lines
        if lines.ended or lines.count > 1:
            self._unclosed()
            return None
        if lines.characters > csv.field_size_limit():
            cells = _split(lines.last)
            if cells is None:
                self._unclosed()
            return cells
        self._builder.add_unreadable(lines.row)
        if not self._builder.full:
            self._builder.add_finding(self._quote_fault("text-after"))
        return None

    def _unclosed(self) -> None:
        self._builder.add_unreadable(self._lines.row)
        if not self._builder.full:
            self._builder.reject(self._quote_fault("unclosed"))
        self._lines.ended = True

    def _quote_fault(self, problem: str) -> Finding:
        return finding("csv-quote", facts={"start_row": self._lines.row, "problem": problem})

    def _endless(self) -> Finding:
        if self._lines.count > 1 or '"' in self._lines.last:
            return self._quote_fault("unclosed")
        return finding("file-damaged", facts={"problem": "line-too-long", "row": self._lines.row})


def _folded(headers: tuple[str, ...]) -> set[str]:
    return {header.casefold() for header in headers}


def _split(line: str) -> list[str] | None:
    """The cells of one line, however long; None where its quotes are not in order."""
    cells, position, more = [], 0, True
    while more:
        match = _CELL.match(line, position)
        if match is None:
            return None
        cells.append(match[2] if match[1] is None else match[1].replace('""', '"'))
        position, more = match.end(), match[3] == ";"
    return cells
