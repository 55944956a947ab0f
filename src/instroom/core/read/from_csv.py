"""CSV: UTF-8, semicolons, RFC 4180 quoting, CRLF, LF or CR (product.md A2).

A quote inside a cell that does not begin with one is text, as spreadsheets read it. Rows are counted as a spreadsheet
shows them: one for each line outside quotes, empty lines too.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from instroom.core.findings import finding
from instroom.core.keys import trim
from instroom.core.layout.loader import Layout
from instroom.core.model import Finding, Limits, Table
from instroom.core.read.csv_delimiter import has_headers
from instroom.core.read.csv_encoding import encoding_fault
from instroom.core.read.csv_lines import RECORD_CHARACTERS, Endless, Lines
from instroom.core.read.csv_quotes import has_single_quotes, has_space_before_quote, quotes_whole_lines, split
from instroom.core.read.csv_start import read_start
from instroom.core.read.table_builder import TableBuilder, has_value, shortened
from instroom.core.read.text_end import TextBytes, TextEnd, end_of_text

_COUNTED: Final = 10
"""Rows, times the records that a file may have: nobody counts further."""
_CELLS: Final = 12_000_000  # ten times a full delivery: nobody reads further
_OTHER_LINE_ENDS: Final = "\x85\u2028\u2029"  # of mainframes, and of Unicode
_BUFFER_BYTES: Final = 256 * 1024


def read_csv(path: Path, layout: Layout, limits: Limits) -> Table:
    """The rows of a CSV file; its faults are findings of the table. Raises OSError where it cannot be opened."""
    end = end_of_text(path)
    stream = io.BufferedReader(TextBytes(path, end.position), _BUFFER_BYTES)
    # Only CR, LF and CRLF end a line, and what is not UTF-8 shows as lone surrogates.
    with io.TextIOWrapper(stream, encoding="utf-8", errors="surrogateescape", newline="") as text:
        header, rows_above, delimiter = read_start(text, layout, RECORD_CHARACTERS)
        if delimiter:
            found = finding("csv-delimiter", facts={"found": delimiter})
            return Table([trim(header)], [], [], {}, [found], 0)
        if any(map(header.__contains__, _OTHER_LINE_ENDS)) and has_headers(header, ";", layout):
            found = finding("file-damaged", facts={"problem": "line-ends"})
            return Table([trim(header)], [], [], {}, [found], 0)
        table = _Reading(Lines(text, limits.columns, header, rows_above), layout, limits, end).table()
        return table._replace(header_row=rows_above + 1)


class _Reading:
    """One pass over the file."""

    def __init__(self, lines: Lines, layout: Layout, limits: Limits, end: TextEnd) -> None:
        self._lines = lines
        self._layout = layout
        self._limits = limits
        self._end = end
        self._reader = csv.reader(lines, delimiter=";", strict=True)
        self._builder = TableBuilder([], limits)

    def table(self) -> Table:
        try:
            self._read()
        except Endless:
            open_quote = self._lines.count > 1 or '"' in self._lines.last
            too_long = {"problem": "line-too-long", "row": self._lines.row}
            self._builder.reject(
                self._quote_fault("unclosed") if open_quote else finding("file-damaged", facts=too_long)
            )
        if self._lines.bad:
            self._builder.reject(encoding_fault(self._lines.bad))
        if self._end.zero_bytes > 1:
            facts = {"problem": "zero-bytes", "count": self._end.zero_bytes, "row": self._lines.row}
            self._builder.reject(finding("file-damaged", facts=facts))
        if tuple(self._builder.headers) == self._layout.headers:
            self._builder.settle_uneven_rows(self._layout.columns)
        return self._builder.table()

    def _read(self) -> None:
        records = self._records()
        header = next(records, None)
        if header is None:
            self._builder.discard_rows()  # nobody knows what stands in which column
        elif quotes_whole_lines(header, self._layout):
            self._builder.reject(self._quote_fault("whole-lines"))
            return
        elif has_single_quotes(header, self._layout):
            self._builder.reject(self._quote_fault("single"))
            return
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
        """Row 1 without blank cells at its end; a title or empty line there gets the width of the layout, as the rows
        below it have that."""
        cells = shortened(cells, self._limits)
        while cells and not trim(cells[-1]):
            cells.pop()
        expected = self._layout.headers
        known = {header.casefold() for header in expected}
        if len(cells) < len(expected) and known.isdisjoint(trim(cell).casefold() for cell in cells):
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
            if cells and '"' in lines.last and has_space_before_quote(lines.last, cells):
                cells = self._without_space()
            yield cells

    def _take(self, cells: list[str]) -> None:
        lines, builder = self._lines, self._builder
        whole = len(cells) == len(builder.headers) or lines.in_whole_line or self._end.marked
        if not has_value(cells):
            if whole or not 1 < len(cells) < len(builder.headers):
                builder.add_blank(lines.row, telling=len(cells) > 1)
                return
        elif len(cells) == 1 < len(builder.headers) and ";" in cells[0]:
            self._refuse_row("whole-lines")
            return
        if lines.characters > self._limits.cell_characters:
            cells = shortened(cells, self._limits)
        builder.add_record(lines.row, cells, lines.bytes, whole)

    def _recovered(self) -> list[str] | None:
        """The cells of a row that the csv module refuses only for spaces behind a quote or for the length of a cell.

        Else None, with a finding. After text behind a closing quote, reading goes on with the next line, and the other
        rows are sound. Not where the row already took several lines: then it is more likely that a quote on the first
        was left open, and no row is certain.
        """
        lines = self._lines
        if lines.ended or lines.count > 1:
            self._unclosed()
            return None
        cells = split(lines.last)
        if cells is None and lines.characters > csv.field_size_limit():
            self._unclosed()
        elif cells is None:
            self._refuse_row("backslash" if '\\"' in lines.last else "text-after")
        return cells

    def _without_space(self) -> list[str] | None:
        """The cells of a row with spaces before its quotes; None, with a finding, where those do not pair up."""
        cells = split(self._lines.last) if self._lines.count == 1 else None
        if cells is None:
            self._refuse_row("space-before")
        return cells

    def _refuse_row(self, problem: str) -> None:
        self._builder.add_unreadable(self._lines.row)
        if not self._builder.full:
            self._builder.add_finding(self._quote_fault(problem))

    def _unclosed(self) -> None:
        self._builder.add_unreadable(self._lines.row)
        if not self._builder.full:
            self._builder.reject(self._quote_fault("backslash" if '\\"' in self._lines.last else "unclosed"))
        self._lines.ended = True

    def _quote_fault(self, problem: str) -> Finding:
        facts: dict[str, Any] = {"start_row": self._lines.row, "problem": problem}
        return finding("csv-quote", facts=facts)
