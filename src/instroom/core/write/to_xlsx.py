"""Writes records as a workbook in the delivery layout (product.md A7): every column is text, and stays it."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from instroom.core.language import Language
from instroom.core.layout.descriptions import comment, is_required
from instroom.core.layout.loader import Column, Layout
from instroom.core.layout.own_sheets import EXPLANATION
from instroom.core.write.choice_lists import offer_choices
from instroom.core.write.explanation import write_explanation
from instroom.core.write.workbook_text import new_workbook, write_text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_SHEET: Final[dict[Language, str]] = {"nl": "Gegevens", "en": "Data"}
_LAST_ROW: Final = 10_000  # counted from 0: the header and as many records as a file may hold (A4)
_COLOURS: Final = {"company": "#DCE6F1", "person": "#E6EFDB", "marker": "#D9D9D9"}
_REQUIRED_COLOURS: Final = {"company": "#9DBADC", "person": "#B3CF92"}
"""A mark within the header would be another header."""


class _Formats(NamedTuple):
    headers: dict[str, "Format"]
    required: dict[str, "Format"]
    text: "Format"
    multiline: "Format"


def write_xlsx(
    target: Path, layout: Layout, rows: Iterable[Sequence[str]], lang: Language = "nl", explanation: bool = False
) -> None:
    """The data on the first sheet, and where asked the explanation on the second.

    Raises OSError where the file cannot be written.
    """
    with new_workbook(target, row_by_row=True) as workbook:
        formats = _formats(workbook)
        sheet = workbook.add_worksheet(_SHEET[lang])
        _set_up_columns(sheet, layout, formats, lang)
        places = {column.label: column.index for column in layout.columns}
        offer_choices(sheet, layout, _LAST_ROW, EXPLANATION[lang] if explanation else None, places)
        for column in layout.columns:
            of_block = formats.required if is_required(column) else formats.headers
            write_text(sheet, 0, column.index, column.header, of_block[column.block])
        cell_formats = [_cell_format(column, formats) for column in layout.columns]
        for number, row in enumerate(rows, start=1):
            for index, value in enumerate(row):
                if value:
                    write_text(sheet, number, index, value, cell_formats[index])
        if explanation:
            write_explanation(workbook, workbook.add_worksheet(EXPLANATION[lang]), layout, lang)


def column_width(column: Column) -> int:
    """In characters: room for the header and for most values, no more than a screen can use."""
    return max(len(column.header) + 2, min(column.max_length, 40) if column.type == "multiline" else 12)


def _formats(workbook: "Workbook") -> _Formats:
    plain = {"num_format": "@", "valign": "top"}
    headers, required = (
        {
            block: workbook.add_format({"num_format": "@", "bold": True, "bg_color": colour, "bottom": 1})
            for block, colour in colours.items()
        }
        for colours in (_COLOURS, _REQUIRED_COLOURS)
    )
    return _Formats(headers, required, workbook.add_format(plain), workbook.add_format({**plain, "text_wrap": True}))


def _cell_format(column: Column, formats: _Formats) -> "Format":
    return formats.multiline if column.type == "multiline" else formats.text


def _set_up_columns(sheet: "Worksheet", layout: Layout, formats: _Formats, lang: Language) -> None:
    sheet.freeze_panes(1, 0)
    for column in layout.columns:
        sheet.set_column(column.index, column.index, column_width(column), _cell_format(column, formats))
        text = comment(column, lang)
        size = {"width": 260, "height": 22 + 17 * (text.count("\n") + 1 + len(text) // 45)}
        sheet.write_comment(0, column.index, text, {"author": "Instroom", "font_size": 9, **size})
