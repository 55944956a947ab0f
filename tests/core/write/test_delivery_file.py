"""What we write in the delivery layout holds each value exactly, is whole, and gives nobody a formula."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.core.write.hostile_values import PLAIN_TEXT

from instroom.core.layout.standard import standard
from instroom.core.model import FileFormat
from instroom.core.pipeline import check_file
from instroom.core.write.delivery_file import write_records
from instroom.core.write.workbook_text import CELL_UNITS

LAYOUT = standard()
WIDTH = len(LAYOUT.columns)
REMARKS = 31  # BedrijfOpmerking
FORMATS: list[FileFormat] = ["csv", "xlsx", "xml"]


def row_with(value: str) -> list[str]:
    return ["0001", "Voorbeeld-CRM", *[""] * (REMARKS - 2), value, *[""] * (WIDTH - REMARKS - 1)]


def read_csv(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))[1:]


def read_xlsx(path: Path) -> list[list[str]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, max_col=WIDTH))
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "inlineStr"}
    return [[cell.value or "" for cell in row] for row in rows]


def read_xml(path: Path) -> list[list[str]]:
    elements = [(column, {"company": "Bedrijf", "person": "Persoon"}[column.block]) for column in LAYOUT.columns]
    return [
        [record.findtext(f"{block}/{column.header.removeprefix(block)}") or "" for column, block in elements]
        for record in etree.parse(path).getroot()
    ]


READERS = {"csv": read_csv, "xlsx": read_xlsx, "xml": read_xml}


@pytest.mark.parametrize("file_format", FORMATS)
def test_our_own_reader_gives_each_value_back(tmp_path: Path, file_format: FileFormat) -> None:
    rows = [row_with(value) for value in (*PLAIN_TEXT, "_x0041_", "_x005F_", "a\rb", "\u0085\u2028")]
    target = tmp_path / f"uit.{file_format}"
    write_records(target, file_format, LAYOUT, rows)
    _, table = check_file(target, LAYOUT)
    assert table is not None
    assert table.rows == rows
    assert table.notes == {}


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_value_comes_back_as_it_went_in_whatever_it_looks_like(tmp_path: Path, file_format: FileFormat) -> None:
    rows = [row_with(value) for value in PLAIN_TEXT]
    target = tmp_path / f"uit.{file_format}"
    write_records(target, file_format, LAYOUT, rows)
    assert READERS[file_format](target) == rows


XML_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"))


@given(value=XML_TEXT | st.text(st.sampled_from(';"\n\t <r>&=_x05F')))
@pytest.mark.parametrize("file_format", ["csv", "xml"])
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, file_format: FileFormat, value: str) -> None:
    target = tmp_path_factory.mktemp("uit") / "uit"
    write_records(target, file_format, LAYOUT, [row_with(value)])
    assert READERS[file_format](target) == [row_with(value)]


@given(
    values=st.lists(st.text(st.characters(exclude_categories=("Cs",))) | st.text("_x05F<r>/&=\r\n\x00 "), min_size=1)
)
def test_any_text_comes_back_from_a_workbook(tmp_path_factory: pytest.TempPathFactory, values: list[str]) -> None:
    target = tmp_path_factory.mktemp("uit") / "uit.xlsx"
    rows = [row_with(value) for value in values]
    write_records(target, "xlsx", LAYOUT, rows)
    _, table = check_file(target, LAYOUT)
    assert table is not None
    assert table.rows == rows


def test_a_workbook_holds_no_formula_and_no_link(tmp_path: Path) -> None:
    target = tmp_path / "uit.xlsx"
    write_records(target, "xlsx", LAYOUT, [row_with(value) for value in PLAIN_TEXT])
    sheet = openpyxl.load_workbook(target).worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert all(cell.data_type in ("s", "inlineStr") and cell.hyperlink is None for cell in cells)
    assert {cell.number_format for cell in cells} == {"@"}


def test_csv_has_a_bom_semicolons_and_crlf_and_prefixes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "uit.csv"
    write_records(target, "csv", LAYOUT, [row_with("=1+1")])
    content = target.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfBedrijfExternId;BedrijfExternSource;")
    assert content.count(b"\r\n") == content.count(b"\n") == 2
    assert b";=1+1;" in content


def test_a_workbook_cuts_what_a_cell_cannot_hold_and_keeps_the_rest(tmp_path: Path) -> None:
    target = tmp_path / "uit.xlsx"
    long_values = ["a" * (CELL_UNITS + 5), "😀" * CELL_UNITS, "half \ud83d pair"]
    write_records(target, "xlsx", LAYOUT, [row_with(value) for value in long_values])
    held = [row[REMARKS] for row in read_xlsx(target)]
    assert held == ["a" * CELL_UNITS, "😀" * (CELL_UNITS // 2), "half ? pair"]


def test_xml_leaves_out_a_character_that_it_cannot_hold(tmp_path: Path) -> None:
    target = tmp_path / "uit.xml"
    write_records(target, "xml", LAYOUT, [row_with("a\x00b\x0bc\ufffed\ud800e\rf")])
    assert read_xml(target) == [row_with("abcde\rf")]


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, file_format: FileFormat) -> None:
    target = tmp_path / "uit"
    target.write_bytes(b"what was there")

    def rows() -> Iterator[list[str]]:
        yield row_with("one")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_records(target, file_format, LAYOUT, rows())
    assert target.read_bytes() == b"what was there"
    assert list(tmp_path.iterdir()) == [target]
