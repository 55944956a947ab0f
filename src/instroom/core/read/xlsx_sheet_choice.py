"""Which sheet of a workbook is the delivery: sheets are known by their headers (xlsx-sheets, xlsx-second-sheet)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from instroom.core.findings import finding
from instroom.core.keys import trim
from instroom.core.layout.loader import Layout
from instroom.core.layout.own_sheets import OWN_SHEETS
from instroom.core.model import Finding, Severity
from instroom.core.read.xlsx_sheet_likeness import likeness, sample
from instroom.core.xlsx.workbook import Workbook
from instroom.core.xlsx.workbook_part import Sheet

_OWN: Final = frozenset(name.casefold() for name in OWN_SHEETS)
_HEADER_ROWS: Final = 20  # how far down the headers may stand under title lines
_SEARCHED_ROWS: Final = 1_000  # for the headers, which may stand behind other rows
_TELLING_SHARE: Final = 10  # one in ten of the layout's headers makes the header of a delivery
_FEWEST: Final = 3
_TOLD: Final[tuple[tuple[str, str, str, Severity | None], ...]] = (
    ("headed", "xlsx-second-sheet", "", None),
    ("same", "xlsx-second-sheet", "no-headers", None),
    ("perhaps", "xlsx-second-sheet", "perhaps", "warning"),
    ("other", "xlsx-sheets", "", None),
)
"""What another sheet is, and the finding that says so."""


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
        return SheetChoice(book.sheets[0], _hidden_sheets(book.sheets, read=True))
    seen = [_glance(book, sheet, layout) for sheet in book.sheets]
    others = [one for one in seen if one.header == 1 or one.sheet.name.strip().casefold() not in _OWN]
    for visible in (True, False):
        filled = [one for one in others if one.filled and one.sheet.visible is visible]
        if filled:
            chosen = min(filled, key=lambda one: 0 if one.header == 1 else 1 if one.headed else 2)
            others = [one for one in others if one is not chosen and (one.records or not one.headed)]
            return SheetChoice(chosen.sheet, _findings(book, layout, chosen, others))
    return SheetChoice((others or seen)[0].sheet, []) if seen else None


def _findings(book: Workbook, layout: Layout, read: _Glance, others: list[_Glance]) -> list[Finding]:
    """What is said of these other sheets, and of the one that is read where it is hidden."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    hidden: list[Sheet] = []
    for one in others:
        like = "headed" if one.header else _likeness(book, layout, read, one)
        if one.sheet.visible is read.sheet.visible:
            if one.filled:
                names[like or "other"].append(one.sheet.name)
        elif read.sheet.visible and like:
            hidden.append(one.sheet)
    found = []
    for like, code, problem, severity in _TOLD:
        if like in names:
            facts: dict[str, Any] = {"read": read.sheet.name, "others": names[like]}
            found.append(finding(code, facts=facts | ({"problem": problem} if problem else {}), severity=severity))
    return [*found, *_hidden_sheets([read.sheet], read=True), *_hidden_sheets(hidden, read=False)]


def _likeness(book: Workbook, layout: Layout, read: _Glance, other: _Glance) -> str | None:
    if not (read.header and other.filled):
        return None
    samples = (sample(book.reader(one.sheet).rows(in_order=False), one.header, layout) for one in (read, other))
    return likeness(*samples)


def _hidden_sheets(sheets: Iterable[Sheet], read: bool) -> list[Finding]:
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
