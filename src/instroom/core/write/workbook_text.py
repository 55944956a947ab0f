"""Text in a workbook stays text: whatever it looks like, it is no formula, link, number or markup (C4)."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

CELL_UNITS: Final = 32_767
"""What a cell of a workbook holds, counted in UTF-16 code units as Excel does."""

_TEXT_ONLY: Final[dict[str, Any]] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def new_workbook(path: Path, row_by_row: bool) -> "Workbook":
    """A workbook that takes every string as text. Its temporary files stand beside it, not in a shared folder.

    `row_by_row`: memory stays flat, at the price that cells are written in order of row, one sheet after another.
    """
    import xlsxwriter  # noqa: PLC0415 - only who writes a workbook pays for loading this

    options = {**_TEXT_ONLY, "constant_memory": row_by_row, "tmpdir": str(path.parent)}
    return xlsxwriter.Workbook(str(path), options)


def write_text(sheet: "Worksheet", row: int, column: int, text: str, cell_format: "Format | None" = None) -> None:
    """Write a value as text, exactly; row and column count from 0. What a cell cannot hold is cut off at the end.

    XlsxWriter takes a string between `<r>` and `</r>` for markup of its own and writes it raw, so that a value could
    break or forge a workbook. Such a value goes in as a rich string of three plain pieces, which it does escape.
    """
    held = _held(text)
    if held.startswith("<r>") and held.endswith("</r>"):
        sheet.write_rich_string(row, column, "<", "r", held[2:], cell_format)
    else:
        sheet.write_string(row, column, held, cell_format)


def _held(text: str) -> str:
    if text.isascii() and len(text) <= CELL_UNITS:
        return text
    units = text.encode("utf-16-le", "replace")  # half a surrogate pair is no text: a question mark
    return units[: CELL_UNITS * 2].decode("utf-16-le", "ignore")
