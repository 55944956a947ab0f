"""A delivered workbook as a table: which sheet, which rows, and what is said of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from tests.core.xlsx.corpus.parts import parts, write
from tests.core.xlsx.corpus.reading import small_layout

from instroom.core.model import CellNote, Limits, Table
from instroom.core.read.from_xlsx import read_xlsx
from instroom.core.xlsx import row_count

HEADERS = list(small_layout().headers)
Fill = Callable[[Any], object]
BESIDE = {"found": 6, "expected": 4, "problem": "beside", "cells": 1}
RECORD = ["K1", "HR", "P1", "HR"]


def book(path: Path, fill: Fill) -> Path:
    """A workbook that XlsxWriter writes."""
    with xlsxwriter.Workbook(path) as made:
        fill(made)
    return path


def table(tmp_path: Path, fill: Fill, limits: Limits = Limits()) -> Table:  # noqa: B008
    """What is read of a workbook that `fill` fills."""
    return read_xlsx(book(tmp_path / "a.xlsx", fill), small_layout(), limits)


def told(result: Table) -> list[tuple[str, int | None, dict[str, Any]]]:
    """The findings as (code, row, facts)."""
    return [(found.code, found.row, dict(found.facts)) for found in result.findings]


def rows(*lines: list[Any], name: str = "Gegevens") -> Callable[[Any], Any]:
    """A sheet with these rows."""

    def fill(made: Any) -> Any:
        sheet = made.add_worksheet(name)
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
        return sheet

    return fill


def both(*fills: Fill) -> Callable[[Any], None]:
    """A workbook with these sheets."""

    def fill(made: Any) -> None:
        for one in fills:
            one(made)

    return fill


def test_headers_and_records(tmp_path: Path) -> None:
    result = table(tmp_path, rows(HEADERS, RECORD, ["K2", "", " P2 "]))
    assert result == Table(HEADERS, [RECORD, ["K2", "", " P2 ", ""]], [2, 3], {}, [], 2)


def test_notes_stand_by_column_and_record(tmp_path: Path) -> None:
    result = table(tmp_path, rows(HEADERS, [], ["", "", 1], [12, True]))
    assert result.notes == {2: {0: CellNote.NUMBER}, 0: {1: CellNote.NUMBER}, 1: {1: CellNote.BOOLEAN}}
    assert result.places == [3, 4]


def test_blank_rows_are_one_finding_each_run(tmp_path: Path) -> None:
    result = table(tmp_path, rows(HEADERS, [], RECORD, ["  "], ["", " "], RECORD, [], []))
    assert told(result) == [
        ("row-blank", 2, {"count": 1, "last_row": 2}),
        ("row-blank", 4, {"count": 2, "last_row": 5}),
    ]
    assert result.places == [3, 6]


def test_a_formula_without_a_value_makes_a_record(tmp_path: Path) -> None:
    written = parts(
        f'<row r="1"><c r="A1" t="str"><v>{HEADERS[0]}</v></c></row><row r="2"><c r="A2"><f>B1</f></c></row>'
    )
    result = read_xlsx(write(tmp_path / "a.xlsx", written), small_layout())
    assert (result.rows, result.notes) == ([[""]], {0: {0: CellNote.FORMULA | CellNote.NO_VALUE}})


def test_values_beyond_the_header(tmp_path: Path) -> None:
    result = table(tmp_path, rows(HEADERS, [*RECORD, " "], [*RECORD, "", "x"], RECORD))
    assert told(result) == [("row-cell-count", 3, BESIDE | {"cell": "F3", "text": "x"})]
    assert (result.places, result.records) == ([2, 4], 3)


def test_a_formula_without_a_value_beside_the_table(tmp_path: Path) -> None:
    header = "".join(f'<c t="str"><v>{name}</v></c>' for name in HEADERS)
    written = parts(f'<row r="1">{header}</row><row r="2"><c r="A2"><v>1</v></c><c r="F2"><f>1+1</f></c></row>')
    result = read_xlsx(write(tmp_path / "a.xlsx", written), small_layout())
    assert told(result) == [("row-cell-count", 2, BESIDE | {"cell": "F2", "text": ""})]


def test_rows_and_cells_in_another_order(tmp_path: Path) -> None:
    def row(number: int, *texts: str) -> str:
        cells = [
            f'<c r="{letter}{number}" t="str"><v>{text}</v></c>' for letter, text in zip("ABCD", texts, strict=True)
        ]
        return f'<row r="{number}">{"".join(reversed(cells))}</row>'

    written = parts(row(3, "K3", "HR", "P3", "HR") + row(2, *RECORD) + row(1, *HEADERS))
    assert read_xlsx(write(tmp_path / "a.xlsx", written), small_layout()) == Table(
        HEADERS, [RECORD, ["K3", "HR", "P3", "HR"]], [2, 3], {}, [], 2
    )


def test_the_same_row_twice_is_damage(tmp_path: Path) -> None:
    written = parts('<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>')
    result = read_xlsx(write(tmp_path / "a.xlsx", written), small_layout())
    assert told(result) == [("file-damaged", None, {"problem": "row-twice", "row": 2, "sheet": "Blad1"})]


def test_blank_headers_at_the_end_are_none(tmp_path: Path) -> None:
    assert table(tmp_path, rows([*HEADERS, " ", ""], RECORD)).headers == HEADERS


def test_no_header_on_row_1(tmp_path: Path) -> None:
    result = table(tmp_path, rows(["Export"], HEADERS, RECORD))
    assert result.headers == ["Export"]
    assert not [found for found in result.findings if found.code == "row-cell-count"]


def test_a_workbook_without_data(tmp_path: Path) -> None:
    assert table(tmp_path, rows()) == Table([], [], [], {}, [], 0)


def test_a_chart_sheet_is_no_data(tmp_path: Path) -> None:
    def fill(made: Any) -> None:
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "=Gegevens!$A$1:$A$2"})
        made.add_chartsheet("Grafiek").set_chart(chart)
        rows(HEADERS, RECORD)(made)

    assert table(tmp_path, fill).rows == [RECORD]


def test_hidden_rows_and_columns_are_read_and_said(tmp_path: Path) -> None:
    def fill(made: Any) -> None:
        sheet = rows(HEADERS, RECORD, [], RECORD, RECORD)(made)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(3, 0)
        sheet.set_column("B:C", None, None, {"hidden": True})
        sheet.set_column("D:D", 0)
        sheet.set_column("H:XFD", None, None, {"hidden": True})

    result = table(tmp_path, fill)
    facts = {"rows": [2, 4], "columns": ["B", "C", "D"], "row_count": 2, "column_count": 3}
    assert ("xlsx-hidden", None, facts) in told(result)
    assert result.places == [2, 4, 5]


def test_a_hidden_column_without_a_value_says_nothing(tmp_path: Path) -> None:
    """An annotated workbook folds those away."""

    def fill(made: Any) -> None:
        rows(HEADERS, [*RECORD[:1], "", *RECORD[2:]])(made).set_column("B:B", None, None, {"hidden": True})

    assert not told(table(tmp_path, fill))


@pytest.mark.parametrize("records", [3, 4, 11])
def test_more_records_than_a_delivery_may_hold(tmp_path: Path, records: int) -> None:
    lines = [[f"K{number}", "HR"] for number in range(records)]
    result = table(tmp_path, rows(HEADERS, *lines, [], lines[0]), Limits(records=3))
    facts = {"records": records + 1, "limit": 3, "files": -(-(records + 1) // 3), "at_least": False}
    assert told(result) == [("rows-too-many", None, facts)]
    assert (result.rows, result.records, result.headers) == ([], records + 1, HEADERS)


@pytest.mark.parametrize("bound", ["_ELEMENTS", "_CHARACTERS", "_COUNTED"])
@pytest.mark.parametrize("written", ["usual", "otherwise"])
def test_far_more_records_are_counted_as_at_least(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, written: str
) -> None:
    monkeypatch.setattr(row_count, bound, {"_ELEMENTS": 20_000, "_CHARACTERS": 200_000, "_COUNTED": 1}[bound])
    body = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="B{n}"><v>2</v></c></row>' for n in range(2, 30_000))
    header = f'<row r="1"><c r="A1" t="str"><v>{HEADERS[0]}</v></c></row>'
    if written == "otherwise":
        header = "<!-- not as usual -->" + header
    result = read_xlsx(write(tmp_path / "a.xlsx", parts(header + body)), small_layout())
    [too_many] = result.findings
    bounded = bound == "_COUNTED" or (bound == "_ELEMENTS") == (written == "otherwise")
    assert too_many.facts["at_least"] == bounded
    assert (13_000 < too_many.facts["records"] < 29_998) == bounded
    assert too_many.facts["files"] == -(-too_many.facts["records"] // 10_000)


def test_a_long_text_keeps_enough_to_be_found_too_long(tmp_path: Path) -> None:
    result = table(tmp_path, rows(HEADERS, ["a" * 300]), Limits(cell_characters=100))
    assert len(result.rows[0][0]) == 101
