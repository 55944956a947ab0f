"""A delivered workbook as a table of text (product.md A3-A5)."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from instroom.core.findings import finding
from instroom.core.layout.loader import Layout
from instroom.core.layout.own_sheets import OWN_SHEETS
from instroom.core.layout.recognise import is_bsn_name
from instroom.core.model import Finding, Limits, Table
from instroom.core.read.xlsx_merged_cells import MergedCells
from instroom.core.read.xlsx_sheet_choice import choose_sheet
from instroom.core.read.xlsx_table_builder import XlsxTableBuilder
from instroom.core.xlsx.errors import RowsOutOfOrder, WorkbookError
from instroom.core.xlsx.references import column_letters
from instroom.core.xlsx.rows import Row
from instroom.core.xlsx.sheet import SheetReader
from instroom.core.xlsx.sorted_rows import rows_by_number
from instroom.core.xlsx.workbook import Workbook
from instroom.core.xlsx.workbook_part import Sheet

_LOOKED_AT = 1_000  # rows of another sheet
_NAMED = 20  # hidden rows and columns that a finding names


def read_xlsx(path: Path, layout: Layout, limits: Limits = Limits()) -> Table:  # noqa: B008 a NamedTuple does not change
    """The delivery's sheet as it shows. A fault of the file is a finding of the table, never an exception."""
    try:
        with Workbook(path, limits) as book:
            return _read(book, layout, limits)
    except WorkbookError as refusal:
        return Table([], [], [], {}, [finding(refusal.code, facts=refusal.facts)], 0)


def _read(book: Workbook, layout: Layout, limits: Limits) -> Table:
    choice = choose_sheet(book, layout)
    if choice is None:
        return Table([], [], [], {}, [], 0)
    rows: Callable[[SheetReader], Iterator[Row]] = SheetReader.rows
    reader, builder = book.reader(choice.sheet), XlsxTableBuilder(layout.headers, limits)
    try:
        _add_rows(builder, reader, rows(reader))
    except RowsOutOfOrder:
        rows = partial(rows_by_number, most=2 * limits.records)  # a few blank ones too
        reader, builder = book.reader(choice.sheet), XlsxTableBuilder(layout.headers, limits)
        _add_rows(builder, reader, rows(reader))
    merged = MergedCells(layout, reader.merges)
    if any(merge[1] <= builder.last_row for merge in reader.merges):
        again = book.reader(choice.sheet)  # merged cells are told after the rows
        builder = XlsxTableBuilder(layout.headers, limits)
        _add_rows(builder, again, merged.records(rows(again)))
    table = builder.table([*_hidden_cells(builder, reader), *choice.findings], merged.findings)
    return table._replace(unread={**_bsn_elsewhere(book, choice.sheet), **table.unread})


def _bsn_elsewhere(book: Workbook, read: Sheet) -> dict[str, list[str]]:
    """Header → texts, of columns of citizen service numbers on the other sheets: those are in the file too."""
    found: dict[str, list[str]] = {}
    for sheet in book.sheets:
        if sheet is not read and sheet.name not in OWN_SHEETS:
            rows = book.reader(sheet).rows(in_order=False)
            header = next(rows, None)
            names = {column: text for column, text in header.cells.items() if is_bsn_name(text)} if header else {}
            for row in islice(rows, _LOOKED_AT if names else 0):
                for column in names.keys() & row.cells.keys():
                    found.setdefault(names[column], []).append(row.cells[column])
    return found


def _add_rows(builder: XlsxTableBuilder, reader: SheetReader, rows: Iterator[Row]) -> None:
    """Give the builder the rows; from one record too many on they are only counted."""
    for row in rows:
        builder.add(row)
        if builder.full:
            break
    if builder.full:
        count = reader.only_count(builder.limit)
        for _ in rows:
            builder.records += 1
        builder.records += count.rows
        builder.counted_whole = count.whole


def _hidden_cells(builder: XlsxTableBuilder, reader: SheetReader) -> list[Finding]:
    """The finding that hidden rows or columns hold data. A hidden column without any says nothing."""
    width = len(builder.headers)
    hidden = {column for first, last in reader.hidden_columns for column in range(max(first, 0), min(last + 1, width))}
    columns = sorted(filter(builder.has_values, hidden))
    if not columns and not builder.hidden_rows:
        return []
    facts = {
        "rows": builder.hidden_rows[:_NAMED],
        "columns": [column_letters(column) for column in columns[:_NAMED]],
        "row_count": len(builder.hidden_rows),
        "column_count": len(columns),
    }
    return [finding("xlsx-hidden", facts=facts)]
