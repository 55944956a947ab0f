"""Whatever openpyxl and XlsxWriter write comes back, and openpyxl reads the same."""

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.xlsx.corpus.oracles import with_openpyxl
from tests.core.xlsx.corpus.reading import sheet_rows
from tests.core.xlsx.corpus.workbooks import GENERATED, VALUES

from instroom.core.model import Limits
from instroom.core.xlsx.rows import Row
from instroom.core.xlsx.workbook import Workbook

XML_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n", exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=60,
)
ANY_CHARACTER = st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff")
ANY_TEXT = st.text(ANY_CHARACTER, min_size=1, max_size=60)
ESCAPES = st.lists(st.sampled_from(["_x000D_", "_x005F_", "_x", "x000D_", "_xd83d_", " ", "a"]), min_size=1).map(
    "".join
)
OVERLAP = re.compile("_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_")
"""XlsxWriter escapes the first of two that share a `_`, and a spreadsheet then shows the second as a character."""
TEXTS = st.one_of(ANY_TEXT, ESCAPES).filter(lambda text: not OVERLAP.search(text))
FEWER = settings(max_examples=20)


def sheets(path: Path) -> dict[str, list[Row]]:
    """Every sheet of a workbook as it is."""
    with Workbook(path, Limits()) as book:
        names = [sheet.name for sheet in book.sheets]
    return {name: sheet_rows(path, name) for name in names}


def column(path: Path) -> list[str]:
    """The first column of the sheet `Blad`."""
    found = {row.number: row.cells[0] for row in sheet_rows(path, "Blad")}
    return [found.get(number, "") for number in range(1, max(found, default=0) + 1)]


def with_xlsxwriter(path: Path, values: list[str], options: dict[str, Any]) -> None:
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Blad")
        for number, value in enumerate(values):
            sheet.write_string(number, 0, value)


def written_by_openpyxl(path: Path, values: list[str]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Blad"
    for number, value in enumerate(values, 1):
        sheet.cell(number, 1).value = value
        sheet.cell(number, 1).data_type = "s"
    book.save(path)


@pytest.mark.parametrize("options", [{}, {"constant_memory": True}])
@FEWER
@given(values=st.lists(TEXTS, min_size=1, max_size=20))
def test_any_text_that_xlsxwriter_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, options: dict[str, Any], values: list[str]
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.xlsx"
    with_xlsxwriter(path, values, options)
    assert column(path) == values


@FEWER
@given(values=st.lists(XML_TEXT.filter(lambda text: "_x" not in text), min_size=1, max_size=20))
def test_any_text_that_openpyxl_writes_comes_back(tmp_path_factory: pytest.TempPathFactory, values: list[str]) -> None:
    path = tmp_path_factory.mktemp("any") / "a.xlsx"
    written_by_openpyxl(path, values)  # it does not write escapes, so a text with `_x` is another one in a spreadsheet
    assert column(path) == values


@FEWER
@given(value=st.floats(-1e300, 1e300))
def test_any_number_keeps_fifteen_digits(tmp_path_factory: pytest.TempPathFactory, value: float) -> None:
    path = tmp_path_factory.mktemp("any") / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Blad").write_number(0, 0, value)
    [text] = column(path)
    assert float(text.replace(",", ".")) == pytest.approx(value, rel=1e-14)
    if abs(value) < 1e15 and value == int(value):
        assert text == str(int(value))


@FEWER
@given(day=st.dates(datetime.date(1900, 3, 1)), epoch_1904=st.booleans())
def test_any_date_comes_back(tmp_path_factory: pytest.TempPathFactory, day: datetime.date, epoch_1904: bool) -> None:
    if epoch_1904 and day < datetime.date(1904, 1, 1):
        return
    path = tmp_path_factory.mktemp("any") / "a.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": epoch_1904}) as book:
        book.add_worksheet("Blad").write_datetime(0, 0, day, book.add_format({"num_format": "yyyy/mm/dd"}))
    assert column(path) == [day.strftime("%d-%m-%Y")]


@pytest.mark.parametrize("make", GENERATED.values(), ids=GENERATED.keys())
def test_openpyxl_reads_the_same(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "a.xlsx"
    make(path)
    compared = with_openpyxl(path, sheets(path))
    assert compared.differences == []
    assert compared.ways.total() >= len(VALUES)
