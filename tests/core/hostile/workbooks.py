"""Hand-made workbooks: as small as a workbook can be, with any content for its one sheet."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from tests.core.hostile.small_layout import HEADERS

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
START = f'<worksheet xmlns="{MAIN}"><sheetData>'
END = "</sheetData></worksheet>"


def cell(reference: str, text: str) -> str:
    """A cell with its text inside."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *values: str) -> str:
    """A row of such cells from column A on."""
    cells = "".join(cell(f"{chr(65 + index)}{number}", value) for index, value in enumerate(values))
    return f'<row r="{number}">{cells}</row>'


HEADER_ROW = row(1, *HEADERS)
RECORD_ROW = row(2, "1", "HR", "Een BV")


def write_workbook(
    target: Path | io.BytesIO, pieces: Iterable[str], before: str = START, after: str = END, packed: bool = True
) -> None:
    """A workbook whose one sheet is made of these pieces, written as they come."""
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(target, "w", method, compresslevel=1) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(before.encode())
            for piece in pieces:
                sheet.write(piece.encode())
            sheet.write(after.encode())


def small_workbook() -> bytes:
    """A header and one record."""
    target = io.BytesIO()
    write_workbook(target, [HEADER_ROW, RECORD_ROW])
    return target.getvalue()
