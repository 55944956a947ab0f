"""Which sheet of a workbook is the delivery (findings xlsx-sheets)."""

from collections.abc import Iterable
from typing import NamedTuple

from instroom.core.keys import trim
from instroom.core.layout.own_sheets import OWN_SHEETS
from instroom.core.xlsx.grid import OpenWorkbook
from instroom.core.xlsx.workbook import Sheet

_OWN = frozenset(name.casefold() for name in OWN_SHEETS)


class Choice(NamedTuple):
    """The sheet to read, and the names of the others that hold data."""

    sheet: Sheet
    others: list[str]


def choose(book: OpenWorkbook, headers: Iterable[str]) -> Choice | None:
    """The first visible sheet with a header of the layout in row 1, else the first with data, else the first one.

    Hidden sheets are looked at only where no visible one holds data. None: there is no sheet but our own, which are
    never read as data (product.md A7, C4).
    """
    known = frozenset(headers)
    sheets = [sheet for sheet in book.sheets if sheet.name.strip().casefold() not in _OWN]
    visible = [sheet for sheet in sheets if sheet.visible]
    if len(sheets) == 1:
        return Choice(sheets[0], [])
    for candidates in (visible, [sheet for sheet in sheets if not sheet.visible]):
        held = {sheet: _first_row(book, sheet) for sheet in candidates}
        filled = [sheet for sheet in candidates if held[sheet] is not None]
        if filled:
            chosen = next((sheet for sheet in filled if known & (held[sheet] or frozenset())), filled[0])
            return Choice(chosen, [sheet.name for sheet in filled if sheet is not chosen])
    return Choice(sheets[0], []) if sheets else None


def _first_row(book: OpenWorkbook, sheet: Sheet) -> frozenset[str] | None:
    """The texts of row 1, empty where data starts lower; None: the sheet holds no data."""
    for row in book.reader(sheet).rows():
        texts = frozenset(filter(None, map(trim, row.cells.values())))
        if texts or row.notes:
            return texts if row.number == 1 else frozenset()
    return None
