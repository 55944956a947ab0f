"""Which sheet of a workbook is the delivery: sheets are known by their headers (xlsx-sheets, xlsx-second-sheet)."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from instroom.core.findings import finding
from instroom.core.keys import trim
from instroom.core.layout.loader import Layout
from instroom.core.layout.own_sheets import OWN_SHEETS
from instroom.core.model import Finding
from instroom.core.xlsx.workbook import Workbook
from instroom.core.xlsx.workbook_part import Sheet

_OWN: Final = frozenset(name.casefold() for name in OWN_SHEETS)
_HEADER_ROWS: Final = 20  # how far down the headers may stand under title lines
_SEARCHED_ROWS: Final = 1_000  # for the headers, which may stand behind other rows
_TELLING_SHARE: Final = 10  # one in ten of the layout's headers makes the header of a delivery
_FEWEST: Final = 3


class SheetChoice(NamedTuple):
    """The sheet to read, and what is to be said of it and of the others."""

    sheet: Sheet
    findings: list[Finding]


class _Glance(NamedTuple):
    """What a sheet shows at first sight."""

    sheet: Sheet
    filled: bool
    records: bool
    """There is something below row 1."""
    headed: bool
    """Row 1 has a header of the layout."""
    header: int
    """The row with the headers of a delivery that has records; 0: there is none."""


def choose_sheet(book: Workbook, layout: Layout) -> SheetChoice | None:
    """The first visible sheet with a delivery, else with a header of the layout in row 1, else with data.

    Hidden sheets are read only where no visible one holds data. Our own, which explain and sum up, are no data unless
    somebody gave such a name to a delivery (product.md A7, C4). None: there is no sheet at all.
    """
    if len(book.sheets) == 1:
        return SheetChoice(book.sheets[0], _hidden(book.sheets, read=True))
    seen = [_glance(book, sheet, layout) for sheet in book.sheets]
    others = [one for one in seen if one.header == 1 or one.sheet.name.strip().casefold() not in _OWN]
    for visible in (True, False):
        filled = [one for one in others if one.filled and one.sheet.visible is visible]
        if filled:
            chosen = min(filled, key=_preference)
            left_out = [one for one in filled if one is not chosen and (one.records or not one.headed)]
            hidden = [one.sheet for one in others if one.header and not one.sheet.visible] if visible else []
            return SheetChoice(chosen.sheet, _findings(chosen.sheet, left_out, hidden))
    return SheetChoice((others or seen)[0].sheet, []) if seen else None


def _preference(one: _Glance) -> int:
    """The lower, the sooner a sheet is read; of those that are alike the first is."""
    return 0 if one.header == 1 else 1 if one.headed else 2


def _findings(read: Sheet, left_out: list[_Glance], hidden: list[Sheet]) -> list[Finding]:
    found = []
    for code, delivery in (("xlsx-second-sheet", True), ("xlsx-sheets", False)):
        if names := [one.sheet.name for one in left_out if bool(one.header) is delivery]:
            found.append(finding(code, facts={"read": read.name, "others": names}))
    return [*found, *_hidden([read], read=True), *_hidden(hidden, read=False)]


def _hidden(sheets: Iterable[Sheet], read: bool) -> list[Finding]:
    names = [sheet.name for sheet in sheets if not sheet.visible]
    return [finding("xlsx-hidden-sheet", facts={"sheets": names, "read": read})] if names else []


def _glance(book: Workbook, sheet: Sheet, layout: Layout) -> _Glance:
    known = {header.casefold() for header in layout.headers}
    filled = headed = records = False
    header = 0
    for count, row in enumerate(book.reader(sheet).rows(in_order=False)):
        texts = frozenset(filter(None, (trim(text).casefold() for text in row.cells.values())))
        if texts or row.notes:
            filled = True
            headed = headed or (row.number == 1 and not known.isdisjoint(texts))
            records = records or row.number > 1
        if not header and row.number <= _HEADER_ROWS and _is_of_delivery(texts, layout):
            header = row.number
        elif header and texts:
            return _Glance(sheet, filled, True, headed, header)
        if count >= _SEARCHED_ROWS:
            break
    return _Glance(sheet, filled, records, headed, 0)


def _is_of_delivery(headers: frozenset[str], layout: Layout) -> bool:
    """Whether these headers hold the key of a company or a person, or are a fair share of the layout's."""
    known = headers & {header.casefold() for header in layout.headers}
    keys = [
        {block.extern_id.header.casefold(), block.extern_source.header.casefold()}
        for block in (layout.company, layout.person)
    ]
    fair_share = len(known) * _TELLING_SHARE >= len(set(layout.headers)) and len(known) * 2 >= len(headers)
    return any(key <= known for key in keys) or (fair_share and len(known) >= _FEWEST)
