"""Workbooks of many programs hold the same table: written by them (`programs/`), or built as they write theirs.

Those that could not be run, such as ClosedXML, Google Sheets and Numbers, are modelled after files of theirs.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.core.xlsx.corpus.parts import (
    MAIN,
    OFFICE,
    SHEET_TYPE,
    STRICT,
    STRICT_OFFICE,
    TYPES,
    parts,
    relations,
    sheet,
    strings,
    styles,
    write,
)

from instroom.core.intake.examine import examine
from instroom.core.layout.loader import Layout
from instroom.core.layout.own_layouts import build
from instroom.core.model import CellNote
from instroom.core.read.from_xlsx import read_xlsx

COLUMNS = {
    "BedrijfExternId": ("company", "extern_id", "extern_id", 50),
    "BedrijfExternSource": ("company", "extern_source", "extern_source", 50),
    "BedrijfNaam": ("company", "name", "text", 50),
    "PersoonExternId": ("person", "extern_id", "extern_id", 50),
    "PersoonExternSource": ("person", "extern_source", "extern_source", 50),
    "PersoonAchternaam": ("person", "surname", "text", 50),
    "PersoonGeboortedatum": ("person", "date_of_birth", "date", 10),
}
HEADERS = list(COLUMNS)
COMPANY = ["00017", "CRM", "Bakkerij & Zn. <De Eik>"]
ROWS = [[*COMPANY, "P1", "HR", "Jansen", "07-03-1988"], [*COMPANY, "P2", "HR", "O'Neill-Müller", ""]]
FILES = sorted((Path(__file__).parent / "programs").glob("*.xlsx"))

Parts = dict[str, str] | dict[str, bytes]


def layout() -> Layout:
    columns = [
        {"header": header, "block": block, "field": field, "type": kind, "max_length": length}
        for header, (block, field, kind, length) in COLUMNS.items()
    ]
    return build({"name": "klein", "version": 1, "columns": columns})


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_what_a_program_wrote(path: Path) -> None:
    facts, findings = examine(path, path.name)
    assert (facts.format, findings) == ("xlsx", [])
    table = read_xlsx(path, layout())
    assert (table.headers, table.rows, table.findings) == (HEADERS, ROWS, [])
    assert set(table.notes) <= {6}
    assert table.notes.get(6, {0: CellNote.DATE}) == {0: CellNote.DATE}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cell(place: str, text: str, number: int) -> str:
    if text == ROWS[0][6]:
        return f'<c r="{place}" s="1"><v>32209</v></c>'
    return f'<c r="{place}" t="s"><v>{number}</v></c>' if text else ""


def usual() -> dict[str, str]:
    """Shared strings, a style for dates, relative targets: as Excel and Apache POI write it."""
    texts = [text for row in (HEADERS, *ROWS) for text in row]
    shared = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    rows = ""
    for number, row in enumerate((HEADERS, *ROWS), 1):
        cells = [cell(f"{letter}{number}", text, shared[text]) for letter, text in zip("ABCDEFG", row, strict=True)]
        rows += f'<row r="{number}">{"".join(cells)}</row>'
    return parts(rows) | {
        "xl/sharedStrings.xml": strings("".join(f"<si><t>{escaped(text)}</t></si>" for text in shared)),
        "xl/styles.xml": styles("dd-mm-yyyy"),
    }


def everywhere(change: Callable[[str], str]) -> Parts:
    return {name: change(content) for name, content in usual().items()}


def prefixed(content: str) -> str:
    """As the Open XML SDK, and with it ClosedXML, writes it."""
    if MAIN not in content:
        return content
    content = content.replace(f' xmlns="{MAIN}"', f' xmlns:x="{MAIN}"')
    return content.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")


def renamed(main: str, folder: str) -> Parts:
    """With absolute targets and names of its own, as ClosedXML and EPPlus have."""
    content = usual()
    content["_rels/.rels"] = relations(("R1", "officeDocument", f"/{main}"))
    content[main] = content.pop("xl/workbook.xml")
    parent, _, name = main.rpartition("/")
    del content["xl/_rels/workbook.xml.rels"]
    content[f"{parent}/_rels/{name}.rels".lstrip("/")] = relations(
        ("rId1", "worksheet", f"/{folder}/sheet.xml"),
        ("rId2", "sharedStrings", f"/{folder}/strings.xml"),
        ("rId3", "styles", f"/{folder}/styles.xml"),
    )
    for old, new in (("worksheets/sheet1", "sheet"), ("sharedStrings", "strings"), ("styles", "styles")):
        content[f"{folder}/{new}.xml"] = content.pop(f"xl/{old}.xml")
    content["[Content_Types].xml"] = content["[Content_Types].xml"].replace("/xl/workbook.xml", f"/{main}")
    return content


def own_texts(attribute: str, opening: str, closing: str, places: bool) -> Parts:
    """Texts in the cells themselves, with or without places, and no shared strings or document properties."""
    rows = ""
    for number, row in enumerate((HEADERS, *ROWS), 1):
        rows += f'<row r="{number}">' if places else "<row>"
        for letter, text in zip("ABCDEFG", row, strict=True):
            place = f' r="{letter}{number}"' if places else ""
            if text == ROWS[0][6]:
                rows += f'<c{place} s="1"><v>32209</v></c>'
            elif text or not places:
                rows += f"<c{place} {attribute}>{opening}{escaped(text)}{closing}</c>"
        rows += "</row>"
    return parts(rows, **{"xl/styles.xml": styles("dd-mm-yyyy")})


def iso_dates() -> Parts:
    content = usual()
    name = "xl/worksheets/sheet1.xml"
    date = '<c r="G2" s="1" t="d"><v>1988-03-07T00:00:00.000Z</v></c>'
    content[name] = content[name].replace('<c r="G2" s="1"><v>32209</v></c>', date)
    return content


def like_google() -> Parts:
    """Many namespaces, a format on each row, no document properties, and a drawing that is blank."""
    content = usual()
    name = "xl/worksheets/sheet1.xml"
    spaces = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" mc:Ignorable="x14ac"'
    )
    rows = content[name].partition("<sheetData>")[2].partition("</sheetData>")[0]
    rows = rows.replace("<row ", '<row x14ac:dyDescent="0.2" customHeight="1" ht="15.75" ')
    before = (
        '<sheetPr><outlinePr summaryBelow="0"/></sheetPr><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
        '<sheetFormatPr customHeight="1" defaultRowHeight="15.75"/>'
    )
    made = sheet(rows, before, f'<drawing xmlns:r="{OFFICE}" r:id="rId1"/>')
    content[name] = made.replace("<worksheet ", f"<worksheet {spaces} ", 1)
    content["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("rId1", "drawing", "../drawings/drawing1.xml"))
    content["xl/drawings/drawing1.xml"] = "<xdr:wsDr xmlns:xdr='a'/>"
    return content


def of_types(*lines: str) -> Parts:
    content = usual()
    content["[Content_Types].xml"] = f'<Types xmlns="{TYPES}">{"".join(lines)}</Types>'
    return content


DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
DEFAULT = f'<Default Extension="xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'

MODELS: dict[str, Callable[[], Parts]] = {
    "as Excel writes it": usual,
    "with declarations": lambda: everywhere(lambda content: DECLARED + content),
    "with byte order marks": lambda: everywhere(lambda content: "\ufeff" + DECLARED + content),
    "in UTF-16": lambda: {name: content.encode("utf-16") for name, content in usual().items()},
    "in single quotes": lambda: everywhere(lambda content: content.replace('"', "'")),
    "over many lines": lambda: everywhere(lambda content: content.replace("><", ">\r\n  <")),
    "prefixed": lambda: everywhere(prefixed),
    "strict": lambda: everywhere(lambda content: content.replace(MAIN, STRICT).replace(OFFICE, STRICT_OFFICE)),
    "absolute targets": lambda: renamed("xl/workbook.xml", "xl"),
    "parts at the top": lambda: renamed("book.xml", "data"),
    "names in capitals": lambda: {name.upper(): content for name, content in usual().items()},
    "names with backslashes": lambda: {name.replace("/", "\\"): content for name, content in usual().items()},
    "parts in another order": lambda: dict(reversed(usual().items())),
    "inline strings": lambda: own_texts('t="inlineStr"', "<is><t>", "</t></is>", places=True),
    "inline strings in runs": lambda: own_texts('t="inlineStr"', "<is><r><t>", "</t></r></is>", places=True),
    "strings of formulas": lambda: own_texts('t="str"', "<v>", "</v>", places=True),
    "no places": lambda: own_texts('t="inlineStr"', '<is><t xml:space="preserve">', "</t></is>", places=False),
    "no places, strings of formulas": lambda: own_texts('t="str"', "<v>", "</v>", places=False),
    "ISO dates": iso_dates,
    "Google Sheets": like_google,
    "types by their endings": lambda: of_types(DEFAULT),
    "no types": lambda: of_types(),
    "document properties that are not there": lambda: of_types(
        f'<Override PartName="/docProps/app.xml" ContentType="a"/>{DEFAULT}'
    ),
}


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS.keys())
def test_another_way_to_write_it(tmp_path: Path, make: Callable[[], Parts]) -> None:
    test_what_a_program_wrote(write(tmp_path / "a.xlsx", make()))


def test_a_summary_sheet_of_numbers(tmp_path: Path) -> None:
    """Numbers puts a sheet before the others that lists them."""
    content = usual()
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace(
        "<sheets>", '<sheets><sheet name="Exportoverzicht" sheetId="2" r:id="rId4"/>'
    )
    content["xl/_rels/workbook.xml.rels"] = relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "sharedStrings", "sharedStrings.xml"),
        ("rId3", "styles", "styles.xml"),
        ("rId4", "worksheet", "worksheets/sheet2.xml"),
    )
    lines = ("Dit document is ge&#235;xporteerd vanuit Numbers.", "Blad1")
    content["xl/worksheets/sheet2.xml"] = sheet(
        "".join(f'<row r="{3 + n}"><c r="B{3 + n}" t="str"><v>{line}</v></c></row>' for n, line in enumerate(lines))
    )
    table = read_xlsx(write(tmp_path / "a.xlsx", content), layout())
    assert table.rows == ROWS
    assert [(found.code, dict(found.facts)) for found in table.findings] == [
        ("xlsx-sheets", {"read": "Blad1", "others": ["Exportoverzicht"]})
    ]
