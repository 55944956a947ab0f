"""A zip with one file in it is read as that file; anything else in a zip is said (product.md A1)."""

import io
import zipfile
from pathlib import Path

import pytest
from tests.core.intake.test_examine import XLSX, locked

from instroom.core.layout.standard import standard
from instroom.core.model import Checked, Limits
from instroom.core.pipeline import check_file
from instroom.core.write.templates import TemplateFormat, write_template

LAYOUT = standard()
CSV = b"PersoonExternId;PersoonExternSource\r\nP1;HR\r\n"


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def check(tmp_path: Path, content: bytes, limits: Limits | None = None) -> Checked:
    path = tmp_path / "aanlevering.zip"
    path.write_bytes(content)
    return check_file(path, LAYOUT, limits=limits or Limits())[0]


def found(checked: Checked) -> list[tuple[str, dict[str, object]]]:
    """The findings about the file itself."""
    return [(one.code, dict(one.facts)) for one in checked.findings if one.code.startswith("file-")]


def damaged_content() -> bytes:
    """A zip whose list is whole, and whose content is not."""
    content = bytearray(zipped(("a.csv", CSV), method=zipfile.ZIP_STORED))
    content[content.index(b"P1;HR")] ^= 1
    return bytes(content)


def unknown_method() -> bytes:
    content = bytearray(zipped(("a.csv", CSV)))
    for signature, offset in ((b"PK\x01\x02", 10), (b"PK\x03\x04", 8)):
        content[content.index(signature) + offset] = 9  # Deflate64, as Windows makes of large files
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (zipped(("a.csv", CSV)), [("file-unpacked", {"name": "a.csv"})]),
        (zipped(("map/sub\\a.csv", CSV)), [("file-unpacked", {"name": "a.csv"})]),
        (zipped(("map/", b""), ("map/a.csv", CSV), ("map/.DS_Store", b"x"), ("__MACOSX/map/._a.csv", b"x")),
         [("file-unpacked", {"name": "a.csv"})]),
        (zipped(("a.csv", CSV), (".~lock.a.csv#", b"x"), ("~$a.xlsx", b"x")), [("file-unpacked", {"name": "a.csv"})]),
        (zipped(("a.csv", CSV), method=zipfile.ZIP_LZMA), [("file-unpacked", {"name": "a.csv"})]),
        (zipped(("a.xml", CSV)),
         [("file-format-mismatch", {"name_says": "xml", "content": "csv"}), ("file-unpacked", {"name": "a.xml"})]),
        (zipped(("a.csv", CSV), ("b.csv", CSV)), [("file-zip", {"problem": "several", "count": 2})]),
        (zipped(("map/", b"")), [("file-zip", {"problem": "none", "count": 0})]),
        (zipped(), [("file-zip", {"problem": "none", "count": 0})]),
        (zipped(("b.zip", zipped(("a.csv", CSV)))), [("file-zip", {"problem": "nested"})]),
        (zipped(("a.csv", b"")), [("file-empty", {})]),
        (zipped(("a.pdf", b"%PDF-1.7\n")), [("file-format-unknown", {"looks_like": "pdf"})]),
        (locked(zipped(("a.csv", CSV))), [("file-encrypted", {"kind": "zip"})]),
        (damaged_content(), [("file-damaged", {"problem": "zip"})]),
        (unknown_method(), [("file-damaged", {"problem": "zip"})]),
    ],
)  # fmt: skip
def test_what_is_in_a_zip(tmp_path: Path, content: bytes, expected: list[tuple[str, dict[str, object]]]) -> None:
    assert found(check(tmp_path, content)) == expected


def test_a_workbook_is_never_taken_for_a_zip_with_a_file_in_it(tmp_path: Path) -> None:
    assert "file-unpacked" not in [code for code, _ in found(check(tmp_path, XLSX))]


@pytest.mark.parametrize("format", ["csv", "xlsx", "xml"])
def test_the_example_in_a_zip_is_read_as_the_example(tmp_path: Path, format: TemplateFormat) -> None:
    plain = tmp_path / f"voorbeeld.{format}"
    write_template(plain, LAYOUT, format, True, "nl")
    content = plain.read_bytes()
    expected, _ = check_file(plain, LAYOUT)
    checked = check(tmp_path, zipped((plain.name, content)))
    assert checked.records == expected.records
    assert (checked.file.name, checked.file.format) == ("aanlevering.zip", format)
    assert checked.file.bytes < len(content) + 400


def test_nothing_is_unpacked_beyond_the_limit(tmp_path: Path) -> None:
    limits = Limits()._replace(file_bytes=100_000)
    bomb = zipped(("a.csv", bytes(2_000_000)))
    assert found(check(tmp_path, bomb, limits)) == [("file-too-large", {"bytes": 2_000_000, "limit": 100_000})]
    lies = bytearray(bomb)
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = lies.index(signature) + offset
        lies[at : at + 4] = (50_000).to_bytes(4, "little")
    assert found(check(tmp_path, bytes(lies), limits)) == [("file-damaged", {"problem": "zip"})]
