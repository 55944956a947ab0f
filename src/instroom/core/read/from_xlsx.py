"""A delivered workbook as a table of text (product.md A3-A5)."""

from collections.abc import Iterator
from pathlib import Path

from instroom.core.findings import finding
from instroom.core.layout.loader import Layout
from instroom.core.model import Finding, Limits, Table
from instroom.core.read.xlsx_records import TableMaker
from instroom.core.read.xlsx_sheet_choice import choose
from instroom.core.xlsx.grid import OpenWorkbook
from instroom.core.xlsx.merges import uncovered
from instroom.core.xlsx.places import letters
from instroom.core.xlsx.refusal import Refused
from instroom.core.xlsx.rows import Row
from instroom.core.xlsx.sheet import SheetReader

_NAMED = 20  # hidden rows and columns that a finding names


def read_xlsx(path: Path, layout: Layout, limits: Limits = Limits()) -> Table:  # noqa: B008 a NamedTuple does not change
    """The delivery's sheet as it shows. A fault of the file is a finding of the table, never an exception."""
    try:
        with OpenWorkbook(path, limits) as book:
            return _read(book, layout, limits)
    except Refused as refusal:
        return Table([], [], [], {}, [finding(refusal.code, facts=refusal.facts)], 0)


def _read(book: OpenWorkbook, layout: Layout, limits: Limits) -> Table:
    choice = choose(book, layout.headers)
    if choice is None:
        return Table([], [], [], {}, [], 0)
    reader = book.reader(choice.sheet)
    maker = TableMaker(layout.headers, limits)
    _fill(maker, reader, reader.rows())
    if any(merge[1] <= maker.last_row for merge in reader.merges):
        again = book.reader(choice.sheet)  # merged cells are told after the rows
        maker = TableMaker(layout.headers, limits)
        _fill(maker, again, uncovered(again.rows(), reader.merges))
    findings = _hidden(maker, reader)
    if choice.others:
        findings.append(finding("xlsx-sheets", facts={"read": choice.sheet.name, "others": choice.others}))
    return maker.table(findings)


def _fill(maker: TableMaker, reader: SheetReader, rows: Iterator[Row]) -> None:
    """Give the maker the rows; from one record too many on they are only counted."""
    for row in rows:
        maker.add(row)
        if maker.full:
            break
    if maker.full:
        count = reader.only_count()
        for _ in rows:
            maker.records += 1
        maker.records += count.rows
        maker.counted_whole = count.whole


def _hidden(maker: TableMaker, reader: SheetReader) -> list[Finding]:
    """The finding that hidden rows or columns hold data."""
    width = len(maker.headers)
    columns = sorted(
        {column for first, last in reader.hidden_columns for column in range(max(first, 0), min(last + 1, width))}
    )
    if not columns and not maker.hidden_rows:
        return []
    facts = {
        "rows": maker.hidden_rows[:_NAMED],
        "columns": [letters(column) for column in columns[:_NAMED]],
        "row_count": len(maker.hidden_rows),
        "column_count": len(columns),
    }
    return [finding("xlsx-hidden", facts=facts)]
