"""Files as programs and accidents make them, from the rows of an example: what only bytes can show."""

import io
import zipfile
from xml.sax.saxutils import escape

from tests.spec.loading import Rows, Special

_CONTENT_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>
{sheets}</Types>"""  # noqa: E501
_SHEET_TYPE = """<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
"""  # noqa: E501
_RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>"""
_RELATION = '<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>'  # noqa: E501
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORKBOOK = (
    '<workbook xmlns="{main}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    "<sheets>{sheets}</sheets></workbook>"
)
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="11"/></cellXfs></styleSheet>'
)
_STYLE = {"date": 1, "scientific": 2}


def csv(rows: Rows, delimiter: str = ";", encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    """Delimited text with quotes where they are needed."""
    lines = (delimiter.join(_quoted(str(cell), delimiter) for cell in row) for row in rows)
    return end.join([*lines, ""]).encode(encoding)


def _quoted(text: str, delimiter: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in (delimiter, '"', "\n", "\r")) else text


def comma_separated(rows: Rows) -> bytes:
    """With commas, as an English spreadsheet saves it."""
    return csv(rows, ",")


def tab_separated(rows: Rows) -> bytes:
    """With tabs."""
    return csv(rows, "\t")


def with_byte_order_mark(rows: Rows) -> bytes:
    """As Excel saves 'CSV UTF-8'."""
    return csv(rows, encoding="utf-8-sig")


def windows_1252(rows: Rows) -> bytes:
    """As Excel saves plain CSV."""
    return csv(rows, encoding="cp1252")


def utf_16(rows: Rows) -> bytes:
    """As Excel saves 'Unicode text'."""
    return csv(rows, encoding="utf-16")


def unclosed_quote(rows: Rows) -> bytes:
    """A quote before the first cell of the first record, and none behind it."""
    header, *records = csv(rows).decode().split("\r\n", 1)
    return f'{header}\r\n"{records[0]}'.encode()


def text_after_quote(rows: Rows) -> bytes:
    """The first cell of the first record in quotes, and text right behind them."""
    header, *records = csv(rows).decode().split("\r\n", 1)
    first, rest = records[0].split(";", 1)
    return f'{header}\r\n"{first}"x;{rest}'.encode()


def stray_semicolon(rows: Rows) -> bytes:
    """One cell too many at the end of the last record."""
    return csv([*rows[:-1], [*rows[-1], "te veel"]])


def semicolon_in_a_value(rows: Rows) -> bytes:
    """No quotes around the values, of which the last record has one with a semicolon in it."""
    return "".join(";".join(map(str, row)) + "\r\n" for row in rows).encode()


def semicolon_at_the_end(rows: Rows) -> bytes:
    """A semicolon too many behind each record, and none behind the header."""
    header, *records = csv(rows).decode().splitlines()
    return "\r\n".join([header, *(record + ";" for record in records), ""]).encode()


def blank_cells_left_out(rows: Rows) -> bytes:
    """Without the blank cells at the end of a record, as spreadsheets save it."""
    return "".join(record.rstrip(";") + "\r\n" for record in csv(rows).decode().splitlines()).encode()


def cut_off_csv(rows: Rows) -> bytes:
    """The last record broken off in its first cells."""
    return b"\r\n".join([*csv(rows[:-1]).splitlines(), csv(rows[-1:])[:70].rstrip()])


def quotes_around_lines(rows: Rows) -> bytes:
    """Each line between quotes, as a spreadsheet saves it that has everything in its first column."""
    return "".join(f'"{line}"\r\n' for line in csv(rows).decode().splitlines()).encode()


def space_before_quote(rows: Rows) -> bytes:
    """A space before the quotes of the first cell of the first record."""
    header, *records = csv(rows).decode().split("\r\n", 1)
    first, rest = records[0].split(";", 1)
    return f'{header}\r\n "{first}";{rest}'.encode()


def nothing(rows: Rows) -> bytes:
    """No bytes."""
    return b""


def pdf(rows: Rows) -> bytes:
    """A document for printing."""
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def web_page(rows: Rows) -> bytes:
    """A table on a web page, as some programs export 'Excel'."""
    return b"<html><body><table><tr><td>BedrijfExternId</td></tr></table></body></html>"


def old_workbook(rows: Rows) -> bytes:
    """A compound file with the stream of a BIFF workbook."""
    return _compound("Workbook")


def one_file_in_a_zip(rows: Rows) -> bytes:
    """A CSV in a zip, in a folder, with what macOS adds."""
    return _zipped({"export/": b"", "export/personen.csv": csv(rows), "__MACOSX/export/._personen.csv": b"x"})


def two_files_in_a_zip(rows: Rows) -> bytes:
    """The same file twice in one zip."""
    return _zipped({"personen.csv": csv(rows), "personen (2).csv": csv(rows)})


def _zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook_with_password(rows: Rows) -> bytes:
    """A compound file with the stream of an encrypted package."""
    return _compound("EncryptedPackage", "EncryptionInfo")


def _compound(*streams: str) -> bytes:
    """A compound file (MS-CFB): a header, one sector of allocations and one of directory entries."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    for number, width in ((0x3E, 2), (3, 2), (0xFFFE, 2), (9, 2), (6, 2), (0, 6), (0, 4), (1, 4), (1, 4), (0, 4)):
        header += number.to_bytes(width, "little")
    for number in (4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0):
        header += number.to_bytes(4, "little")
    header += b"\xff" * (512 - len(header))
    allocations = b"".join(n.to_bytes(4, "little") for n in (0xFFFFFFFD, 0xFFFFFFFE)).ljust(512, b"\xff")
    entries = [_entry("Root Entry", 5, 1), *(_entry(name, 2, 0xFFFFFFFF) for name in streams)]
    return header + allocations + b"".join(entries).ljust(512, b"\0") + bytes(4096)


def _entry(name: str, kind: int, child: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    entry = text.ljust(64, b"\0") + len(text).to_bytes(2, "little") + bytes([kind, 1])
    entry += b"\xff" * 8 + child.to_bytes(4, "little") + bytes(36)
    return entry + (0xFFFFFFFE).to_bytes(4, "little") + bytes(8)


def cut_off_workbook(rows: Rows) -> bytes:
    """Half of a workbook: the rest was lost on the way."""
    whole = workbook(rows)
    return whole[: len(whole) // 2]


def cut_off_xml(rows: Rows) -> bytes:
    """The first half of an XML delivery."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<Instroom layout="standard/1">\n<Regel><Persoon><ExternId>P1</Ext'


def xml_in_another_encoding(rows: Rows) -> bytes:
    """UTF-8 that says UTF-16, as .NET writes it to a text and the text to a file."""
    return b'<?xml version="1.0" encoding="utf-16"?>\n<Instroom layout="standard/1"/>'


def bare_ampersand(rows: Rows) -> bytes:
    """A value that was put in the XML as it is."""
    return b'<Instroom layout="standard/1"><Regel><Bedrijf><Naam>Bouw & sloop</Naam></Bedrijf></Regel></Instroom>'


def xml_of_another_program(rows: Rows) -> bytes:
    """An empty line first, another name for UTF-8, and Ctrl-Z at the end."""
    fields = "<ExternId>P1</ExternId><ExternSource>HR</ExternSource><Achternaam>Daniëls</Achternaam>"
    body = f'<Instroom layout="standard/1"><Regel><Persoon>{fields}</Persoon></Regel></Instroom>'
    return f'\r\n<?xml version="1.0" encoding="UTF8"?>{body}\x1a'.encode()


def namespace(rows: Rows) -> bytes:
    """All elements in a namespace."""
    return b'<Instroom xmlns="https://voorbeeld.example/instroom" layout="standard/1"><Regel/></Instroom>'


def document_type(rows: Rows) -> bytes:
    """XML with an entity of its own, which can make a small file huge."""
    return b'<!DOCTYPE Instroom [<!ENTITY a "aaaaaaaaaa">]>\n<Instroom layout="standard/1"><Regel/></Instroom>'


def macros(rows: Rows) -> bytes:
    """A workbook with macros."""
    return workbook(rows, more_parts={"xl/vbaProject.bin": _compound("VBA")})


def bomb(rows: Rows) -> bytes:
    """A small workbook that unpacks to a huge one."""
    return workbook(rows, more_parts={"xl/sharedStrings.xml": b" " * 50_000_000})


def workbook_named_otherwise(rows: Rows) -> bytes:
    """A sound workbook; the example gives it another name."""
    return workbook(rows)


def second_sheet(rows: Rows) -> bytes:
    """Data on the second sheet too."""
    return workbook(rows, more_sheets={"Notities": [["Onderwerp"], ["Bellen over de cursus"]]})


def second_sheet_of_persons(rows: Rows) -> bytes:
    """The same headers and another person on the second sheet."""
    return workbook(rows, more_sheets={"Vestiging Zuid": [rows[0], ["P9", *rows[1][1:]]]})


def second_sheet_without_headers(rows: Rows) -> bytes:
    """Another person on the second sheet, with nothing above it."""
    at = rows[0].index("PersoonExternId")
    return workbook(rows, more_sheets={"Blad2": [[*rows[1][:at], "P9", *rows[1][at + 1 :]]]})


def second_sheet_of_other_columns(rows: Rows) -> bytes:
    """A person of another source on the second sheet, with other columns filled in."""
    known = {
        "PersoonExternId": "7",
        "PersoonExternSource": "AFAS",
        "PersoonAchternaam": "Bos",
        "PersoonFunctie": "Chef",
    }
    return workbook(rows, more_sheets={"Blad2": [[known.get(header, "") for header in rows[0]]]})


def second_sheet_of_companies(rows: Rows) -> bytes:
    """Companies of another source on the second sheet, without headers."""
    return workbook(rows, more_sheets={"Bedrijven": _companies(rows, "BedrijfPostPostcode")})


def second_sheet_of_names(rows: Rows) -> bytes:
    """Keys and names of what may be companies on the second sheet, without headers."""
    return workbook(rows, more_sheets={"Bedrijven": _companies(rows, "")})


def _companies(rows: Rows, more: str) -> Rows:
    known = [
        {"BedrijfExternId": key, "BedrijfExternSource": "CRM", "BedrijfNaam": f"Proef {key}", more: "1234 AB"}
        for key in ("B1", "B2")
    ]
    return [[company.get(header, "") for header in rows[0]] for company in known]


def sheets_beside_the_records(rows: Rows) -> bytes:
    """What is no delivery: it says what the file is, what may be chosen, and how many there are."""
    more = {
        "Toelichting": [["Levering van november"], ["Vragen?", "Bel de administratie", "maandag"]],
        "Keuzes": [["NL", "Nederland"], ["BE", "België"], ["DE", "Duitsland"]],
        "Telling": [["Rijlabels", "Aantal"], ["Inkoop", "12"], ["Verkoop", "30"], ["Eindtotaal", "42"]],
    }
    return workbook(rows, more_sheets=more)


def second_sheet_without_records(rows: Rows) -> bytes:
    """The headers alone on the second sheet."""
    return workbook(rows, more_sheets={"Blad2": [rows[0]]})


def hidden_sheet_of_persons(rows: Rows) -> bytes:
    """The same headers and another person on a hidden sheet."""
    return workbook(rows, more_sheets={"Oud": [rows[0], ["P9", *rows[1][1:]]]}, sheet_states={"Oud": "hidden"})


def only_sheet_very_hidden(rows: Rows) -> bytes:
    """A blank sheet, and the data on one that no menu shows."""
    return workbook(rows, more_sheets={"Blad1": []}, sheet_states={"Aanlevering": "veryHidden"})


def hidden_lists(rows: Rows) -> bytes:
    """A hidden sheet with choices, as the template has."""
    return workbook(rows, more_sheets={"Lijsten": [["Geslacht"], ["M"]]}, sheet_states={"Lijsten": "veryHidden"})


def company_merged_down(rows: Rows) -> bytes:
    """The two cells of the company's key merged over all records."""
    return workbook(rows, merges=(f"A2:A{len(rows)}", f"B2:B{len(rows)}"))


def department_merged_down(rows: Rows) -> bytes:
    """The department merged over all records."""
    letter = _letter(rows[0].index("PersoonAfdeling"))
    return workbook(rows, merges=(f"{letter}2:{letter}{len(rows)}",))


def note_beside_the_table(rows: Rows) -> bytes:
    """A text two cells to the right of the first record."""
    header, first, *others = rows
    return workbook([header, [*first, "", "nog bellen"], *others])


def hidden_row(rows: Rows) -> bytes:
    """The last row hidden."""
    return workbook(rows, hidden_rows=(len(rows),))


def hidden_column(rows: Rows) -> bytes:
    """The first column hidden that has a value in a record."""
    filled = next(index for index, cell in enumerate(rows[1], 1) if cell != "")
    return workbook(rows, hidden_columns=(filled,))


def blank_rows_formatted(rows: Rows) -> bytes:
    """Rows with a format and nothing else behind the last record."""
    return workbook([*rows, *([""] for _ in range(50))])


def workbook(
    rows: Rows,
    *,
    more_sheets: dict[str, Rows] | None = None,
    hidden_rows: tuple[int, ...] = (),
    hidden_columns: tuple[int, ...] = (),
    more_parts: dict[str, bytes] | None = None,
    sheet_states: dict[str, str] | None = None,
    merges: tuple[str, ...] = (),
) -> bytes:
    """A workbook with one sheet, or more, with every cell exactly as the example says."""
    sheets = {"Aanlevering": rows, **(more_sheets or {})}
    numbered = list(enumerate(sheets, 1))
    states = sheet_states or {}
    names = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{states.get(name, "visible")}" r:id="rId{n}"/>'
        for n, name in numbered
    )
    relations = [_RELATION.format(n=n, kind="worksheet", target=f"worksheets/sheet{n}.xml") for n, _ in numbered]
    relations.append(_RELATION.format(n=len(sheets) + 1, kind="styles", target="styles.xml"))
    root = _RELATION.format(n=1, kind="officeDocument", target="xl/workbook.xml")
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES.format(sheets="".join(_SHEET_TYPE.format(n=n) for n, _ in numbered)),
        "_rels/.rels": _RELATIONS.format(relations=root),
        "xl/workbook.xml": _WORKBOOK.format(main=_MAIN, sheets=names),
        "xl/_rels/workbook.xml.rels": _RELATIONS.format(relations="".join(relations)),
        "xl/styles.xml": _STYLES,
    }
    for n, name in numbered:
        shape = (hidden_rows, hidden_columns, merges) if n == 1 else ((), (), ())
        parts[f"xl/worksheets/sheet{n}.xml"] = _sheet(sheets[name], *shape)
    with io.BytesIO() as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in {**parts, **(more_parts or {})}.items():
                archive.writestr(path, content)
        return target.getvalue()


def _sheet(rows: Rows, hidden_rows: tuple[int, ...], hidden_columns: tuple[int, ...], merges: tuple[str, ...]) -> str:
    columns = "".join(f'<col min="{n}" max="{n}" width="9" hidden="1"/>' for n in hidden_columns)
    lines = []
    for n, row in enumerate(rows, 1):
        hidden = ' hidden="1"' if n in hidden_rows else ""
        cells = "".join(_cell(f"{_letter(index)}{n}", cell) for index, cell in enumerate(row) if cell != "")
        lines.append(f'<row r="{n}"{hidden}>{cells}</row>')
    columns = f"<cols>{columns}</cols>" if columns else ""
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in merges)
    merged = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    return f'<worksheet xmlns="{_MAIN}">{columns}<sheetData>{"".join(lines)}</sheetData>{merged}</worksheet>'


def _letter(index: int) -> str:
    return (chr(64 + index // 26) if index >= 26 else "") + chr(65 + index % 26)


def _cell(place: str, cell: str | Special) -> str:
    if isinstance(cell, str):
        text = escape(cell)
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{_escaped(text)}</t></is></c>'
    style = f' s="{_STYLE[cell.kind]}"' if cell.kind in _STYLE else ""
    if cell.kind in ("number", "date", "scientific"):
        return f'<c r="{place}"{style}><v>{_serial(cell.text) if cell.kind == "date" else cell.text}</v></c>'
    if cell.kind in ("yes", "no"):
        return f'<c r="{place}" t="b"><v>{int(cell.kind == "yes")}</v></c>'
    if cell.kind == "error":
        return f'<c r="{place}" t="e"><v>{escape(cell.text)}</v></c>'
    value = f"<v>{escape(cell.text)}</v>" if cell.text else ""
    return f'<c r="{place}" t="str"><f>A1</f>{value}</c>'


def _serial(moment: str) -> float:
    from datetime import datetime as calendar

    since = calendar.fromisoformat(moment) - calendar.fromisoformat("1899-12-30")
    return since.days + since.seconds / 86_400 if since.seconds else since.days


def _escaped(text: str) -> str:
    """Control characters as a workbook writes them: _x0007_ (ECMA-376, ST_Xstring)."""
    return "".join(f"_x{ord(c):04X}_" if ord(c) < 32 and c not in "\t\n" else c for c in text)
