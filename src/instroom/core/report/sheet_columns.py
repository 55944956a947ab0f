"""The columns of the first sheet of an annotated workbook: widths, choices, and the empty ones folded away."""

from typing import TYPE_CHECKING, Final

from instroom.core.layout.loader import Layout
from instroom.core.model import Table
from instroom.core.report.marks import Marks
from instroom.core.write.choice_lists import offer_choices
from instroom.core.write.to_xlsx import column_width

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_WIDTH: Final = 18
"""Of a column that the layout does not have."""
_FILTER_BUTTON: Final = 3  # characters
_NEAR: Final = 6
"""Columns that any screen shows at once."""


class SheetColumns:
    """The columns of a table as a sheet shows them."""

    def __init__(self, table: Table, marks: Marks, layout: Layout) -> None:
        self._table, self._marks, self._layout = table, marks, layout
        rows = (*table.rows, *table.wrong_width_rows.values())
        width = len(table.headers)
        filled = {at for at in range(width) if any(len(cells) > at and cells[at] for cells in rows)}
        person, company = (marks.columns.get(block.extern_id.label) for block in (layout.person, layout.company))
        self.key = (person if person in filled or company not in filled else company) or 0
        """The ExternId by which people know the rows: the person's, or in a file of companies alone theirs."""
        kept = {marks.columns.get(one.label) for one in layout.columns if one.required in ("key", "yes")}
        kept |= {marks.columns.get(one.label) for one in layout.columns if one.block == "marker"}
        self._folded = set(range(width)) - filled - kept - marks.marked_columns()

    def set_up(self, sheet: "Worksheet", last_row: int, cell_format: "Format", lists_on: str) -> None:
        """Widths and choices as in the template, a filter, and the columns without anything to see in an outline."""
        by_place = {self._marks.columns.get(column.label): column for column in self._layout.columns}
        width = len(self._table.headers)
        for index in range(width):
            column = by_place.get(index)
            room = column_width(column) + _FILTER_BUTTON if column else _WIDTH
            options = (
                {"level": 1, "hidden": True} if index in self._folded else {"collapsed": index - 1 in self._folded}
            )
            sheet.set_column(index, index, room, cell_format, options)
        if width - 1 in self._folded:  # the button of an outline stands at the column behind it
            sheet.set_column(width, width, None, None, {"collapsed": True})
        sheet.autofilter(0, 0, last_row - 1, width - 1)
        offer_choices(sheet, self._layout, last_row - 1, lists_on, self._marks.columns)

    def open_at_first_fault(self, sheet: "Worksheet", last_row: int) -> None:
        """The headers stay in sight; the first of the gravest cells is chosen, beside its key where that is near."""
        row, column = self._marks.first_fault() or (1, 0)
        if row > last_row:
            row, column = 1, 0
        between = [index for index in range(self.key, column) if index not in self._folded]
        left = self.key if self.key < column and len(between) <= _NEAR else column
        sheet.freeze_panes(1, 0, max(row - 3, 1), left)
        sheet.set_selection(row - 1, column, row - 1, column)
