"""The choices that a workbook offers: within the validation where they fit, else from cells of another sheet."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from instroom.core.layout.descriptions import choices_of
from instroom.core.layout.loader import Column, Layout
from instroom.core.write.workbook_text import write_text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_WITHIN: Final = 255  # characters that a validation holds of itself
_FIRST_COLUMN: Final = 26  # AA: far to the right of what is to be read


def offer_choices(
    sheet: "Worksheet", layout: Layout, last_row: int, lists_on: str | None, places: Mapping[str, int]
) -> None:
    """Let each column with choices offer them, from row 2 down to `last_row` (from 0).

    `places`: where each column stands on the sheet, by its label. `lists_on`: the name of the sheet with the long
    lists; without one, a list that does not fit within a validation is not offered.
    """
    long = _long_lists(layout)
    for column in layout.columns:
        choices, place = choices_of(column), places.get(column.label)
        if not choices or place is None or (column.index in long and not lists_on):
            continue
        source = _cells(long, column, lists_on) if lists_on and column.index in long else list(choices)
        sheet.data_validation(1, place, last_row, place, {"validate": "list", "source": source})


def write_long_lists(sheet: "Worksheet", layout: Layout, row: int) -> None:
    """Write one row of the lists that do not fit within a validation; rows count from 0 and go down."""
    for offset, choices in enumerate(_long_lists(layout).values()):
        if row < len(choices):
            write_text(sheet, row, _FIRST_COLUMN + offset, choices[row])


def longest_list(layout: Layout) -> int:
    """How many rows `write_long_lists` has to write."""
    return max(map(len, _long_lists(layout).values()), default=0)


def _long_lists(layout: Layout) -> dict[int, tuple[str, ...]]:
    """By column the choices that do not fit within a validation, where commas stand between them."""
    lists = {column.index: choices_of(column) for column in layout.columns}
    return {
        index: choices
        for index, choices in lists.items()
        if len(",".join(choices)) > _WITHIN or any("," in choice or '"' in choice for choice in choices)
    }


def _cells(lists: dict[int, tuple[str, ...]], column: Column, lists_on: str) -> str:
    from xlsxwriter.utility import xl_range_abs  # noqa: PLC0415 - only who writes a workbook pays for loading this

    at = _FIRST_COLUMN + list(lists).index(column.index)
    return f"={lists_on}!{xl_range_abs(0, at, len(lists[column.index]) - 1, at)}"
