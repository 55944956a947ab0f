"""Workbooks as the libraries write them, with a value of every kind."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

VALUES: list[tuple[Any, str]] = [
    ("Dorpsstraat", "General"),
    (" spaties ", "General"),
    ("regel\ntwee", "General"),
    ("é € 東京 😀", "General"),
    ("00123", "@"),
    ("=geen formule", "@"),
    (123, "General"),
    (123, "00000000"),
    (612345678, "0"),
    (1234567890123456, "General"),
    (0.1, "General"),
    (1 / 3, "General"),
    (123456789012, "General"),
    (1234.5, "#,##0.00"),
    (-1234.5, "#,##0.00;[Red]-#,##0.00"),
    (1234.5, "[$€-413] #,##0.00"),
    (0.155, "0.0%"),
    (123000000000, "0.00E+00"),
    (612345678, '"0"00-000 000'),
    (5, '0" stuks"'),
    (0, '0;-0;"geen"'),
    (True, "General"),
    (False, "General"),
    (datetime.date(1980, 1, 31), "dd-mm-yyyy"),
    (datetime.datetime.fromisoformat("1980-01-31T13:05"), "d-m-yyyy h:mm"),
    (datetime.date(2024, 2, 29), "[$-413]d mmmm yyyy;@"),
    (datetime.time(13, 5), "h:mm"),
    (datetime.timedelta(hours=36), "[h]:mm:ss"),
]


def _xlsxwriter(options: dict[str, Any]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with xlsxwriter.Workbook(path, options) as book:
            for name in ("Eerste", "Tweede"):
                sheet = book.add_worksheet(name)
                for row, (value, code) in enumerate(VALUES):
                    style = book.add_format({"num_format": code})
                    if isinstance(value, str):
                        sheet.write_string(row, row % 3, value, style)
                    else:
                        sheet.write(row, row % 3, value, style)
                    sheet.write_blank(row, 5, None, style)
                sheet.write_formula(40, 0, "=1+1", None, 2)
                sheet.write_formula(41, 0, '="a"&"b"', None, "ab")
                sheet.write_formula(42, 0, "=NA()", None, "#N/A")
                sheet.write_rich_string(43, 0, "van ", book.add_format({"bold": True}), "der", " Berg")
                sheet.merge_range("B45:C46", "samen")

    return make


def _openpyxl(write_only: bool) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        book = openpyxl.Workbook(write_only=write_only)
        sheet = book.create_sheet("Gegevens")
        for value, code in VALUES:
            cell = openpyxl.cell.WriteOnlyCell(sheet, value) if write_only else sheet.cell(sheet.max_row + 1, 2, value)
            if isinstance(value, str):
                cell.data_type = "s"
            cell.number_format = code
            if write_only:
                sheet.append([None, cell])
        if not write_only:
            sheet.cell(40, 1).value = CellRichText("van ", TextBlock(InlineFont(b=True), "der"), " Berg")
            sheet.cell(41, 1).value = "#N/A"
            sheet.cell(41, 1).data_type = "e"
        book.save(path)

    return make


GENERATED: dict[str, Callable[[Path], None]] = {
    "XlsxWriter, shared strings": _xlsxwriter({}),
    "XlsxWriter, constant memory": _xlsxwriter({"constant_memory": True}),
    "XlsxWriter, 1904": _xlsxwriter({"date_1904": True}),
    "openpyxl": _openpyxl(write_only=False),
    "openpyxl, write only": _openpyxl(write_only=True),
}
