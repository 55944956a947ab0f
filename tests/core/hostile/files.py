"""Files that are out to harm, or that were harmed on their way; each with the finding that they deserve."""

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

from tests.core.fuzz.seeds import workbook_parts
from tests.core.hostile import workbooks
from tests.core.hostile.small_layout import HEADER_LINE
from tests.core.hostile.workbooks import END, HEADER_ROW, RECORD_ROW, START, cell, row, write_workbook

from instroom.core.xlsx.references import column_letters

MEGABYTE = 1024 * 1024
LARGEST = 64 * MEGABYTE  # that is taken at all
RECORD = "1;HR;Een BV;;;\n"
ROOT = '<Instroom layout="standard/1">'
REGEL = "<Regel><Bedrijf><ExternId>1</ExternId><ExternSource>HR</ExternSource><Naam>Een BV</Naam></Bedrijf></Regel>"


class Hostile(NamedTuple):
    """One file."""

    name: str
    code: str
    """A finding of the catalogue that must be among those found."""
    write: Callable[[Path], None]


def of(content: str | bytes) -> Callable[[Path], None]:
    """A file with this content."""
    raw = content.encode() if isinstance(content, str) else content
    return lambda path: path.write_bytes(raw) and None


def filled(start: str, unit: str, end: str = "", size: int = LARGEST) -> Callable[[Path], None]:
    """A file of a size in bytes, filled up with one unit over and over."""
    head, tail, middle = start.encode(), end.encode(), unit.encode()
    block = middle * max(1, MEGABYTE // len(middle))

    def write(path: Path) -> None:
        with path.open("wb") as stream:
            stream.write(head)
            room = size - len(head) - len(tail)
            for _ in range(room // len(block)):
                stream.write(block)
            stream.write(middle * (room % len(block) // len(middle)) + tail)

    return write


def sheet(*pieces: str) -> Callable[[Path], None]:
    """A workbook with a header and these pieces in its sheet."""
    return lambda path: write_workbook(path, [HEADER_ROW, *pieces])


def repeated(unit: str, times: int, before: str = "", after: str = "") -> Callable[[Path], None]:
    """A workbook with a header and a unit many times, never whole in memory."""

    def pieces() -> Iterator[str]:
        yield HEADER_ROW + before
        yield from repeat(unit * 1000, times // 1000)
        yield after

    return lambda path: write_workbook(path, pieces())


def numbered_rows(first: int, last: int, content: str) -> Callable[[Path], None]:
    """A workbook with a header and a row for each number; `{n}` in the content is the number."""

    def pieces() -> Iterator[str]:
        return _chain(HEADER_ROW, (f'<row r="{n}">{content.format(n=n)}</row>' for n in range(first, last + 1)))

    return lambda path: write_workbook(path, pieces())


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _numbers(count: int) -> str:
    """The cells of a row, for `numbered_rows`."""
    return "".join(f'<c r="{column_letters(column)}{{n}}"><v>{{n}}{column}</v></c>' for column in range(count))


def _blanks(count: int) -> str:
    """Likewise, without a value."""
    return "".join(f'<c r="{column_letters(column)}{{n}}" s="1"/>' for column in range(count))


def _many_strings(count: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        strings = "".join(f"<si><t>{number}</t></si>" for number in range(count))
        shared = {"xl/sharedStrings.xml": f'<sst xmlns="{workbooks.MAIN}">{strings}</sst>'}
        _zip(workbook_parts() | shared, packed=True)(path)

    return write


def _hard_to_pack(characters: int) -> Iterator[str]:
    maker = random.Random(1)
    for _ in range(characters // MEGABYTE):
        yield maker.randbytes(MEGABYTE // 2).hex()


def _large_cell(path: Path) -> None:
    start = '<row r="2"><c r="A2" t="inlineStr"><is><t>'
    pieces = _hard_to_pack(60 * MEGABYTE)
    write_workbook(path, pieces, START + HEADER_ROW + start, "</t></is></c></row>" + END, packed=False)


def _large_shared_string(path: Path) -> None:
    """Ten thousand cells that all name one string of half a megabyte."""
    parts = workbook_parts()
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 10_002))
    parts["xl/worksheets/sheet1.xml"] = START + HEADER_ROW + cells + END
    long = "".join(_hard_to_pack(MEGABYTE))
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{workbooks.MAIN}"><si><t>{long}</t></si></sst>'
    _zip(parts)(path)


def _many_parts(path: Path) -> None:
    """A zip with half a million parts in its list, all the same bytes."""
    entry = zipfile.ZipInfo("a")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, b"")
    raw = target.getvalue()
    directory = raw[raw.index(b"PK\x01\x02") : raw.index(b"PK\x05\x06")]
    count = 500_000
    size, start = len(directory) * count, raw.index(b"PK\x01\x02")
    end = b"PK\x05\x06" + bytes(4) + b"\xff\xff" * 2 + size.to_bytes(4, "little") + start.to_bytes(4, "little")
    path.write_bytes(raw[:start] + directory * count + end + b"\0\0")


def _macros(path: Path) -> None:
    workbook = {**workbooks.PARTS, "xl/vbaProject.bin": "x"}
    workbook["[Content_Types].xml"] = workbook["[Content_Types].xml"].replace(
        f"{workbooks.SHEET_TYPE}.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    _zip(workbook)(path)


def _zip(parts: dict[str, str], packed: bool = False) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

    return write


def _compound(*streams: str) -> bytes:
    """A compound file, as far as its directory goes."""
    entries = [name.encode("utf-16-le").ljust(64, b"\0") + bytes([2 * len(name) + 2, 0]) for name in streams]
    start = bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0")
    return start + b"".join(entry.ljust(128, b"\0") for entry in entries)


def _laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE Instroom [<!ENTITY l0 "ha">{entities}]>{ROOT}&l11;</Instroom>'


def _quadratic() -> str:
    doctype = f'<!DOCTYPE Instroom [<!ENTITY a "{"a" * 100_000}">]>'
    return f"{doctype}{ROOT}{'&a;' * 100_000}</Instroom>"


def _external(name: str) -> str:
    doctype = f'<!DOCTYPE Instroom [<!ENTITY a SYSTEM "{name}">]>'
    return f"{doctype}{ROOT}<Regel><Bedrijf><Naam>&a;</Naam></Bedrijf></Regel></Instroom>"


_CSV = HEADER_LINE + "\n" + RECORD * 3
_ACCENTED = _CSV + "2;HR;Café;;;\n"
_XML = ROOT + REGEL + "</Instroom>"
_MAIN_DOCTYPE = START.replace("<worksheet", '<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet')

FILES: dict[str, Hostile] = {
    # What is none of the three, or not for us.
    "nothing": Hostile("a.csv", "file-empty", of("")),
    "64 MB of newlines": Hostile("a.csv", "file-empty", filled("", "\n")),
    "a byte too many": Hostile("a.csv", "file-too-large", filled(_CSV, "\n", size=LARGEST + 1)),
    "encrypted workbook": Hostile("a.xlsx", "file-encrypted", of(_compound("Root Entry", "EncryptedPackage"))),
    "xls": Hostile("a.xls", "file-legacy-excel", of(_compound("Root Entry", "Workbook"))),
    "xlsm": Hostile("a.xlsm", "file-unsafe", _macros),
    "ods": Hostile(
        "a.ods", "file-format-unknown", _zip({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"})
    ),
    "pdf": Hostile("a.csv", "file-format-unknown", of(b"%PDF-1.4\n" + bytes(range(256)))),
    "html saved as xls": Hostile("a.xls", "file-format-unknown", of("<html><table><tr><td>1</td></tr></table></html>")),
    "64 MB of unclosed HTML comment": Hostile("a.csv", "file-damaged", filled("<!--", "<!--")),
    "64 MB of zero bytes": Hostile("a.csv", "file-format-unknown", filled("", "\0")),
    # CSV.
    "utf-16": Hostile("a.csv", "csv-encoding", of(_ACCENTED.encode("utf-16"))),
    "windows-1252": Hostile("a.csv", "csv-encoding", of(_ACCENTED.encode("cp1252"))),
    "comma-separated": Hostile("a.csv", "csv-delimiter", of(_CSV.replace(";", ","))),
    "tab-separated": Hostile("a.csv", "csv-delimiter", of(_CSV.replace(";", "\t"))),
    "an open quote": Hostile("a.csv", "csv-quote", of(_CSV + '1;HR;"x;;;\n' + RECORD * 3)),
    "an open quote and 64 MB of rows": Hostile("a.csv", "csv-quote", filled(_CSV + '1;HR;"x;;;\n', RECORD)),
    "64 MB of one quoted cell": Hostile("a.csv", "csv-quote", filled(_CSV + '1;HR;"', "a", '";;;\n')),
    "64 MB of quotes": Hostile("a.csv", "csv-quote", filled("", '"')),
    "64 MB of quotes, one on a line": Hostile("a.csv", "file-unsafe", filled(_CSV, '"\n')),
    "64 MB of text after quotes": Hostile("a.csv", "csv-quote", filled(_CSV, '"a"b\n')),
    "a zero byte": Hostile("a.csv", "value-control-character", of(_CSV + "1;HR;a\0b;;;\n")),
    "a header and 64 MB of newlines": Hostile("a.csv", "rows-none", filled(HEADER_LINE, "\n")),
    "records 64 MB apart": Hostile("a.csv", "file-unsafe", filled(_CSV, "\n", RECORD)),
    "64 MB of blank rows": Hostile("a.csv", "row-blank", filled(_CSV, ";;;;;\n")),
    "64 MB of semicolons": Hostile("a.csv", "file-damaged", filled("", ";")),
    "64 MB of semicolons below a header": Hostile("a.csv", "file-damaged", filled(_CSV, ";")),
    "64 MB of wide rows": Hostile("a.csv", "file-damaged", filled(_CSV, ";" * 4_000_000 + "\n")),
    "64 MB of rows as wide as may be": Hostile("a.csv", "row-cell-count", filled(_CSV, ";" * 16_000 + "x\n")),
    "64 MB on one line": Hostile("a.csv", "file-damaged", filled("", "a")),
    "64 MB on one line below a header": Hostile("a.csv", "file-damaged", filled(_CSV, "a")),
    "64 MB of long cells": Hostile("a.csv", "value-too-long", filled(_CSV, "1;HR;" + "a" * 30_000 + ";;;\n")),
    "64 MB of records": Hostile("a.csv", "rows-too-many", filled(_CSV, RECORD)),
    "64 MB of the smallest records": Hostile("a.csv", "rows-too-many", filled(_CSV, "1\n")),
    "64 MB that take four times that": Hostile("a.csv", "file-too-large", filled(_CSV, f"1;HR;😀{'a' * 9000};;;\n")),
    # XML.
    "billion laughs": Hostile("a.xml", "file-unsafe", of(_laughs())),
    "quadratic blow-up": Hostile("a.xml", "file-unsafe", of(_quadratic())),
    "external entity, file": Hostile("a.xml", "file-unsafe", of(_external("file:///etc/hostname"))),
    "external entity, web": Hostile("a.xml", "file-unsafe", of(_external("https://voorbeeld.example/a"))),
    "external document type": Hostile("a.xml", "file-unsafe", of(f'<!DOCTYPE Instroom SYSTEM "a.dtd">{_XML}')),
    "depth 100,000": Hostile("a.xml", "file-unsafe", of(ROOT + "<Regel>" * 100_000)),
    "64 MB of depth": Hostile("a.xml", "file-unsafe", filled(ROOT, "<a>")),
    "64 MB of one comment": Hostile("a.xml", "file-unsafe", filled(ROOT + "<!--", "a", "--></Instroom>")),
    "64 MB of one tag": Hostile("a.xml", "file-unsafe", filled(ROOT + "<", "a", "/></Instroom>")),
    "64 MB of one attribute": Hostile("a.xml", "file-unsafe", filled('<Instroom layout="', "a", '"/>')),
    "64 MB of small comments": Hostile("a.xml", "rows-none", filled(ROOT, "<!---->", "</Instroom>")),
    "64 MB of one text": Hostile(
        "a.xml", "value-too-long", filled(ROOT + "<Regel><Bedrijf><Naam>", "a", "</Naam></Bedrijf></Regel></Instroom>")
    ),
    "64 MB of small texts": Hostile(
        "a.xml",
        "value-too-long",
        filled(ROOT + "<Regel><Bedrijf><Naam>", "a<!---->", "</Naam></Bedrijf></Regel></Instroom>"),
    ),
    "64 MB of references": Hostile(
        "a.xml",
        "value-too-long",
        filled(ROOT + "<Regel><Bedrijf><Naam>", "&#65;", "</Naam></Bedrijf></Regel></Instroom>"),
    ),
    "64 MB of unknown elements": Hostile("a.xml", "xml-structure", filled(ROOT, "<x/>", "</Instroom>")),
    "64 MB of elements in a field": Hostile(
        "a.xml",
        "xml-structure",
        filled(ROOT + "<Regel><Bedrijf><Naam>", "<x/>", "</Naam></Bedrijf></Regel></Instroom>"),
    ),
    "64 MB of elements in an unknown one": Hostile(
        "a.xml", "xml-structure", filled(ROOT + "<Kop>", "<x/>", "</Kop></Instroom>")
    ),
    "64 MB of empty Regels": Hostile("a.xml", "file-unsafe", filled(ROOT, "<Regel/>", "</Instroom>")),
    "64 MB of Regels": Hostile("a.xml", "rows-too-many", filled(ROOT, REGEL, "</Instroom>")),
    "64 MB of white space": Hostile("a.xml", "file-empty", filled("", " ")),
    "an XML declaration and 64 MB of white space": Hostile(
        "a.xml", "file-damaged", filled("<?xml version='1.0'?>", " ")
    ),
    # XLSX.
    "bomb of many rows": Hostile("a.xlsx", "file-unsafe", repeated("<row><c><v>1</v></c></row>", 11_000_000)),
    "bomb of one 270 MB cell": Hostile(
        "a.xlsx", "file-unsafe", repeated("a" * 1000, 270_000, '<row r="2"><c r="A2" t="str"><v>', "</v></c></row>")
    ),
    "a cell of 60 MB that is not packed": Hostile("a.xlsx", "file-unsafe", _large_cell),
    "one far cell": Hostile(
        "a.xlsx", "row-cell-count", sheet(RECORD_ROW, f'<row r="1048576">{cell("XFD1048576", "x")}</row>')
    ),
    "a cell beyond any sheet": Hostile(
        "a.xlsx", "file-damaged", sheet(RECORD_ROW, f'<row r="3">{cell("ZZZZZ3", "x")}</row>')
    ),
    "a row beyond any sheet": Hostile(
        "a.xlsx", "file-damaged", sheet(RECORD_ROW, f'<row r="99999999999">{cell("A99999999999", "x")}</row>')
    ),
    "a million records": Hostile("a.xlsx", "rows-too-many", numbered_rows(2, 1_048_576, '<c r="A{n}"><v>{n}</v></c>')),
    "a million records, written otherwise": Hostile(
        "a.xlsx", "rows-too-many", numbered_rows(2, 1_048_576, "<c r='A{n}'><v>{n}</v></c>")
    ),
    "30,000 rows of 20 numbers": Hostile("a.xlsx", "rows-too-many", numbered_rows(2, 30_000, _numbers(20))),
    "3 million numbers": Hostile("a.xlsx", "file-unsafe", numbered_rows(2, 10_001, _numbers(300))),
    "100,000 blank rows": Hostile("a.xlsx", "rows-none", numbered_rows(2, 100_001, _blanks(3))),
    "a million blank rows": Hostile("a.xlsx", "rows-none", numbered_rows(2, 1_048_576, _blanks(3))),
    "a million blank rows, written otherwise": Hostile("a.xlsx", "rows-none", numbered_rows(2, 1_048_576, "<!---->")),
    "a million blank cells": Hostile("a.xlsx", "rows-none", numbered_rows(2, 10_001, _blanks(100))),
    "10 million blank cells": Hostile("a.xlsx", "rows-none", numbered_rows(2, 100_001, _blanks(100))),
    "10 million blank cells, written otherwise": Hostile(
        "a.xlsx", "file-unsafe", numbered_rows(2, 100_001, _blanks(100).replace('"', "'"))
    ),
    "2 million shared strings": Hostile("a.xlsx", "file-unsafe", _many_strings(2_000_001)),
    "6 million shared strings": Hostile("a.xlsx", "file-unsafe", _many_strings(6_000_000)),
    "entities in a sheet": Hostile(
        "a.xlsx", "file-unsafe", lambda path: write_workbook(path, [HEADER_ROW], _MAIN_DOCTYPE)
    ),
    "depth in a sheet": Hostile("a.xlsx", "file-unsafe", repeated("<a>", 100_000)),
    "one large string shared": Hostile("a.xlsx", "value-too-long", _large_shared_string),
    "half a million parts": Hostile("a.xlsx", "file-unsafe", _many_parts),
    "a zip cut off": Hostile("a.xlsx", "file-damaged", of(workbooks.small_workbook()[:-40])),
    "row numbers that go back": Hostile("a.xlsx", "row-blank", sheet(row(5, "1", "HR", "a"), row(3, "2", "HR", "b"))),
    "a row twice": Hostile(
        "a.xlsx", "file-damaged", sheet(row(5, "1", "HR", "a"), row(3, "2", "HR", "b"), row(5, "3", "HR", "c"))
    ),
    "a million rows that go back": Hostile(
        "a.xlsx", "file-unsafe", repeated(row(3, "1", "HR", "a"), 1_000_000, row(5, "1", "HR", "a"))
    ),
}
