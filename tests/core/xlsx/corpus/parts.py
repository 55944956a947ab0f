"""Workbooks written part by part, for what no library writes."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def relations(*items: tuple[str, str, str], office: str = OFFICE) -> str:
    """A relations part of (id, kind, target)."""
    lines = [f'<Relationship Id="{id_}" Type="{office}/{kind}" Target="{target}"/>' for id_, kind, target in items]
    return f'<Relationships xmlns="{RELATIONS}">{"".join(lines)}</Relationships>'


def sheet(rows: str, before: str = "", after: str = "", main: str = MAIN) -> str:
    """A worksheet part with these rows."""
    return f'<worksheet xmlns="{main}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def strings(items: str) -> str:
    """A shared strings part."""
    return f'<sst xmlns="{MAIN}">{items}</sst>'


def styles(*codes: str) -> str:
    """A styles part: style n + 1 has the n-th of these formats, style 0 has none."""
    formats = "".join(
        f'<numFmt numFmtId="{164 + index}" formatCode={quoteattr(code)}/>' for index, code in enumerate(codes)
    )
    cells = "".join(f'<xf numFmtId="{164 + index}"/>' for index in range(len(codes)))
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{cells}</cellXfs></styleSheet>'
    )


def parts(rows: str = "", **others: str) -> dict[str, str]:
    """The parts of a workbook with one sheet, `Blad1`."""
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/></Types>'
        ),
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "sharedStrings", "sharedStrings.xml"),
            ("rId3", "styles", "styles.xml"),
        ),
        "xl/worksheets/sheet1.xml": sheet(rows),
        **others,
    }


def write(path: Path, content: dict[str, str] | dict[str, bytes]) -> Path:
    """Write a workbook of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in content.items():
            target.writestr(name, data)
    return path
