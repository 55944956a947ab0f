"""Intake (product.md A1): the content decides what a file is, not its name."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from tests.core.hostile.small_layout import HEADER_LINE

from instroom.core.intake.examine import examine
from instroom.core.model import Limits

CSV = f"{HEADER_LINE}\n1;HR;Een BV;;;\n".encode()
XML = '<?xml version="1.0"?>\n<Instroom layout="standard/1"></Instroom>'
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0")
HTML = b"<html><body><table><tr><td>1</td></tr></table></body></html>"

Outcome = tuple[str | None, list[tuple[str, dict[str, object]]]]


def zipped(**parts: str | bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def office(content_type: str, **parts: str | bytes) -> bytes:
    return zipped(**{"[Content_Types].xml": f'<Types><Override ContentType="{content_type}"/></Types>', **parts})


def compound(*streams: str) -> bytes:
    entries = [name.encode("utf-16-le").ljust(64, b"\0") + bytes([2 * len(name) + 2, 0]) for name in streams]
    return COMPOUND + b"".join(entry.ljust(128, b"\0") for entry in entries)


def locked(content: bytes) -> bytes:
    """The same zip, with the flag that says its parts are encrypted."""
    patched = bytearray(content)
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        patched[content.index(signature) + offset] |= 1
    return bytes(patched)


XLSX = office(MAIN, **{"xl/workbook.xml": "<workbook/>"})


def known(format: str, *findings: tuple[str, dict[str, object]]) -> Outcome:
    return format, list(findings)


def unknown(looks_like: str) -> Outcome:
    return None, [("file-format-unknown", {"looks_like": looks_like})]


def encoding(looks_like: str) -> Outcome:
    return known("csv", ("csv-encoding", {"looks_like": looks_like, "first_row": 1}))


CASES: dict[str, tuple[str, bytes, Outcome]] = {
    "csv": ("a.csv", CSV, known("csv")),
    "csv with a byte order mark": ("a.csv", b"\xef\xbb\xbf" + CSV, known("csv")),
    "csv in windows-1252": ("a.csv", CSV + b"1;HR;Caf\xe9;;;", known("csv")),
    "csv with a zero byte": ("a.csv", CSV + b"1;HR;a\0b;;;", known("csv")),
    "xlsx": ("a.xlsx", XLSX, known("xlsx")),
    "xlsx template": ("a.xlsx", office(MAIN.replace("sheet.main", "template.main")), known("xlsx")),
    "xlsx in UTF-16": (
        "a.xlsx",
        zipped(**{"[Content_Types].xml": f'<Types><Override ContentType="{MAIN}"/></Types>'.encode("utf-16")}),
        known("xlsx"),
    ),
    "xlsx with names in another case": ("a.xlsx", zipped(**{"XL\\Workbook.xml": "<workbook/>"}), known("xlsx")),
    "xml": ("a.xml", XML.encode(), known("xml")),
    "xml after spaces": ("a.xml", b"\xef\xbb\xbf\r\n <Instroom/>", known("xml")),
    "xml in UTF-16": ("a.xml", XML.encode("utf-16"), known("xml")),
    "xml in UTF-16 without a mark": ("a.xml", XML.encode("utf-16-be"), known("xml")),
    "xml cut off at once": ("a.xml", b"<", known("xml")),
    "no bytes": ("a.csv", b"", (None, [("file-empty", {})])),
    "white space": ("a.csv", b" \r\n\t\n", (None, [("file-empty", {})])),
    "a byte order mark alone": ("a.csv", b"\xef\xbb\xbf", (None, [("file-empty", {})])),
    "a UTF-16 mark alone": ("a.csv", b"\xff\xfe", (None, [("file-empty", {})])),
    "csv in UTF-16": ("a.csv", CSV.decode().encode("utf-16"), encoding("utf-16")),
    "csv in UTF-16 without a mark": ("a.csv", CSV.decode().encode("utf-16-le"), encoding("utf-16")),
    "csv in UTF-32": ("a.csv", CSV.decode().encode("utf-32"), encoding("utf-32")),
    "pdf": ("a.pdf", b"%PDF-1.7\n%\xe2\xe3", unknown("pdf")),
    "rtf": ("a.csv", b"{\\rtf1\\ansi", unknown("rtf")),
    "image": ("a.csv", b"\x89PNG\r\n\x1a\n\0\0", unknown("image")),
    "gzip": ("a.csv", b"\x1f\x8b\x08\0", unknown("gzip")),
    "sqlite": ("a.csv", b"SQLite format 3\0", unknown("sqlite")),
    "html": ("a.html", HTML, unknown("html")),
    "html as csv": ("a.csv", b"<!-- a -->\n<!DOCTYPE HTML>\n" + HTML, unknown("html")),
    "html as csv, of a warning of PHP": ("a.csv", b"<br />\n<b>Notice</b>: x\n", unknown("html")),
    "html as xls": ("a.xls", HTML, unknown("xls-html")),
    "html fragment as xlsx": ("a.xlsx", b"<META charset=utf-8><table>", unknown("xls-html")),
    "xhtml": ("a.html", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', unknown("html")),
    "web archive": ("a.xls", b"MIME-Version: 1.0\r\n", unknown("html")),
    "spreadsheet of 2003": (
        "a.xml",
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="a">',
        unknown("xml-spreadsheet"),
    ),
    "json": ("a.json", b'[{"BedrijfExternId": "1"}]', unknown("json")),
    "binary": ("a.csv", bytes(range(256)) * 4, unknown("binary")),
    "zero bytes": ("a.csv", bytes(4096), unknown("binary")),
    "legacy excel": ("a.xls", compound("Root Entry", "Workbook"), (None, [("file-legacy-excel", {})])),
    "older excel": ("a.xls", compound("Root Entry", "Book"), (None, [("file-legacy-excel", {})])),
    "excel before the compound file": (
        "a.xls",
        b"\x09\x08\x08\x00\x00\x05\x05\x00\0\0",
        (None, [("file-legacy-excel", {})]),
    ),
    "encrypted": (
        "a.xlsx",
        compound("Root Entry", "EncryptionInfo", "EncryptedPackage"),
        known("xlsx", ("file-encrypted", {})),
    ),
    "a cell that speaks of it": (
        "a.xls",
        compound("Workbook") + b"x" + compound("EncryptedPackage"),
        (None, [("file-legacy-excel", {})]),
    ),
    "older word": ("a.doc", compound("Root Entry", "WordDocument"), unknown("doc")),
    "a compound file without a directory": ("a.xls", COMPOUND + b"rubbish", (None, [("file-legacy-excel", {})])),
    "one that speaks of a password": (
        "a.xlsx",
        COMPOUND + bytes(1024 * 1024 - 516) + "EncryptedPackage".encode("utf-16-le") + b"rubbish",
        known("xlsx", ("file-encrypted", {})),
    ),
    "another compound file": ("a.msi", compound("Root Entry"), unknown("binary")),
    "encrypted zip": ("a.xlsx", locked(zipped(**{"xl/workbook.xml": "a"})), known("xlsx", ("file-encrypted", {}))),
    "a type that allows macros, and none": (
        "a.xlsm",
        office("application/vnd.ms-excel.sheet.macroEnabled.main+xml", **{"xl/workbook.xml": "<workbook/>"}),
        known("xlsx", ("file-format-mismatch", {"name_says": "xlsm", "content": "xlsx"})),
    ),
    "macros by part": (
        "a.xlsx",
        office(MAIN, **{"xl/vbaProject.bin": b"a"}),
        known("xlsx", ("file-unsafe", {"problem": "macros"})),
    ),
    "macros of old": (
        "a.xlsx",
        office(MAIN, **{"xl/macrosheets/sheet1.xml": b"a"}),
        known("xlsx", ("file-unsafe", {"problem": "macros"})),
    ),
    "bomb by ratio": (
        "a.xlsx",
        office(MAIN, **{"xl/worksheets/sheet1.xml": bytes(4_000_000)}),
        known("xlsx", ("file-unsafe", {"problem": "bomb"})),
    ),
    "binary workbook": ("a.xlsb", office("application/vnd.ms-excel.sheet.binary.macroEnabled.main"), unknown("xlsb")),
    "ods": ("a.ods", zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), unknown("ods")),
    "odt": ("a.odt", zipped(mimetype="application/vnd.oasis.opendocument.text"), unknown("odt")),
    "docx": (
        "a.docx",
        office("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
        unknown("docx"),
    ),
    "numbers": ("a.numbers", zipped(**{"Index/Document.iwa": b"a"}), unknown("numbers")),
    "zip": ("a.zip", zipped(**{"levering.csv": CSV}), unknown("zip")),
    "empty zip": ("a.zip", zipped(), unknown("zip")),
    "zip cut off": ("a.xlsx", XLSX[:-30], known("xlsx", ("file-damaged", {"problem": "zip"}))),
    "zip cut off at once": ("a.xlsx", XLSX[:3], (None, [("file-damaged", {"problem": "zip"})])),
}


@pytest.mark.parametrize(("name", "content", "outcome"), CASES.values(), ids=CASES.keys())
def test_content_decides(tmp_path: Path, name: str, content: bytes, outcome: Outcome) -> None:
    path = tmp_path / "ontvangen"
    path.write_bytes(content)
    facts, findings = examine(path, name)
    assert (facts.format, [(finding.code, dict(finding.facts)) for finding in findings]) == outcome
    assert (facts.name, facts.bytes, facts.sha256) == (name, len(content), hashlib.sha256(content).hexdigest())


MISMATCHES = [
    ("a.csv", XLSX, "csv", "xlsx"),
    ("a.xls", XLSX, "xls", "xlsx"),
    ("a.XLSM", XLSX, "xlsm", "xlsx"),
    ("a.xlsx", CSV, "xlsx", "csv"),
    ("a.csv.xml", CSV, "xml", "csv"),
    ("a.xlsx", XML.encode(), "xlsx", "xml"),
]


@pytest.mark.parametrize(("name", "content", "says", "format"), MISMATCHES)
def test_a_name_that_says_something_else_is_a_warning(
    tmp_path: Path, name: str, content: bytes, says: str, format: str
) -> None:
    path = tmp_path / "ontvangen"
    path.write_bytes(content)
    facts, (finding,) = examine(path, name)
    assert (finding.code, finding.severity) == ("file-format-mismatch", "warning")
    assert finding.facts == {"name_says": says, "content": format}
    assert facts.format == format


@pytest.mark.parametrize("name", ["levering", "a.txt", "a.tmp", "a.CSV", "a.b.csv", ".csv"])
def test_a_name_that_says_nothing_else_is_none(tmp_path: Path, name: str) -> None:
    path = tmp_path / "ontvangen"
    path.write_bytes(CSV)
    assert examine(path, name)[1] == []


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "ontvangen"
    path.write_bytes(CSV)
    facts, (finding,) = examine(path, "a.csv", Limits(file_bytes=len(CSV) - 1))
    assert (finding.code, finding.facts) == ("file-too-large", {"bytes": len(CSV), "limit": len(CSV) - 1})
    assert (facts.format, facts.sha256) == (None, "")
    assert examine(path, "a.csv", Limits(file_bytes=len(CSV)))[1] == []
