"""Cells that are merged over several records: a company counts for all of them, and of a person nobody can know."""

from pathlib import Path
from typing import Any

import pytest
from tests.core.read.test_xlsx_table import HEADERS, RECORD, Fill, rows, table, told
from tests.core.xlsx.corpus.reading import small_layout

from instroom.core.check import check
from instroom.core.findings import finding
from instroom.core.model import CellNote, FileFacts, Policies, Table

MERGED = "xlsx-merged"
UNCLEAR = "row-merged"


def merged(*areas: str, lines: list[list[Any]], values: dict[str, Any] | None = None) -> Fill:
    """A sheet with these rows below the headers, these areas merged, and then these values written."""

    def fill(made: Any) -> None:
        sheet = rows(HEADERS, *lines)(made)
        for area in areas:
            sheet.merge_range(area, "")
        for place, value in {**(values or {})}.items():
            sheet.write(place, value)

    return fill


PERSONS = [["", "", f"P{number}", "HR"] for number in (1, 2, 3)]
COMPANY = {"A2": "K1", "B2": "HR"}


def test_a_company_merged_over_its_persons_counts_for_all(tmp_path: Path) -> None:
    result = table(tmp_path, merged("A2:A4", "B2:B4", lines=[*PERSONS, ["", "", "P4", "HR"]], values=COMPANY))
    assert [row[:3] for row in result.rows] == [
        ["K1", "HR", "P1"],
        ["K1", "HR", "P2"],
        ["K1", "HR", "P3"],
        ["", "", "P4"],
    ]
    assert told(result) == [(MERGED, None, {"ranges": ["A2:A4", "B2:B4"], "range_count": 2})]


def test_what_a_merged_cell_covers_gives_way(tmp_path: Path) -> None:
    lines = [*PERSONS[:1], ["onder", "", "P2", "HR"]]
    result = table(tmp_path, merged("A2:A3", lines=lines, values=COMPANY | {"A3": "onder"}))
    assert [row[0] for row in result.rows] == ["K1", "K1"]


def test_several_companies_below_each_other(tmp_path: Path) -> None:
    result = table(
        tmp_path, merged("A2:A3", "A4:A5", lines=[*PERSONS, ["", "", "P4", "HR"]], values={"A2": "K1", "A4": "K2"})
    )
    assert [row[0] for row in result.rows] == ["K1", "K1", "K2", "K2"]


def test_notes_come_along(tmp_path: Path) -> None:
    result = table(tmp_path, merged("A2:A3", lines=PERSONS[:2], values={"A2": 12}))
    assert result.notes[0] == {0: CellNote.NUMBER, 1: CellNote.NUMBER}


def test_over_two_columns_the_value_belongs_to_the_first(tmp_path: Path) -> None:
    result = table(tmp_path, merged("A2:B3", lines=PERSONS[:2], values={"A2": "K1"}))
    assert [row[:2] for row in result.rows] == [["K1", ""], ["K1", ""]]


def test_rows_that_hold_nothing_of_their_own_are_no_records(tmp_path: Path) -> None:
    """A layout of two lines a person, all cells merged."""
    result = table(
        tmp_path,
        merged("A2:A3", "B2:B3", "C2:C3", "D2:D3", lines=[], values={**COMPANY, "C2": "P1", "D2": "HR"}),
    )
    assert (result.rows, result.places, result.findings) == ([["K1", "HR", "P1", "HR"]], [2], [])


@pytest.mark.parametrize("area", ["C2:C4", "C2:D4"])
def test_a_key_of_a_person_on_several_rows_keeps_the_others_out(tmp_path: Path, area: str) -> None:
    lines = [[f"K{number}", "HR", "", ""] for number in (1, 2, 3)]
    result = table(tmp_path, merged(area, lines=lines, values={"C2": "P1"}))
    assert [row[2] for row in result.rows] == ["P1", "", ""]
    facts = {"ranges": [area], "headers": ["PersoonExternId"]}
    assert told(result) == [(UNCLEAR, 3, facts), (UNCLEAR, 4, facts)]


def test_a_merged_cell_under_another_header_is_unclear(tmp_path: Path) -> None:
    def fill(made: Any) -> None:
        sheet = rows([*HEADERS, "Afdeling"], RECORD, ["K1", "HR", "P2", "HR"])(made)
        sheet.merge_range("E2:E3", "Inkoop")

    result = table(tmp_path, fill)
    assert told(result) == [(UNCLEAR, 3, {"ranges": ["E2:E3"], "headers": ["Afdeling"]})]


@pytest.mark.parametrize("area", ["A1:A2", "A2:A4", "C5:D9", "A2:D2"])
def test_what_says_nothing_about_other_records(tmp_path: Path, area: str) -> None:
    """Merged into the header, without a value, below the records, or in one row."""
    result = table(tmp_path, merged(area, lines=PERSONS))
    assert [found.code for found in result.findings if found.code in (MERGED, UNCLEAR)] == []


def test_a_finding_names_the_first_merged_cells(tmp_path: Path) -> None:
    lines = [["", "", f"P{number}", "HR"] for number in range(60)]
    areas = [f"A{row}:A{row + 1}" for row in range(2, 62, 2)]
    result = table(tmp_path, merged(*areas, lines=lines, values={area.partition(":")[0]: "K1" for area in areas}))
    [(code, _, facts)] = told(result)
    assert (code, facts["range_count"], facts["ranges"]) == (MERGED, 30, areas[:5])


def test_records_with_a_merged_cell_of_a_person_are_kept_out() -> None:
    """Their other faults are told all the same."""
    places = [2, 3]
    lines = [["K1", "HR", "P1", "HR"], ["K1", "HR", "", "HR"]]
    found = [finding(UNCLEAR, 3, facts={"ranges": ["C2:C3"], "headers": ["PersoonExternId"]})]
    checked = check(
        FileFacts("a.xlsx", "xlsx", 1, ""), Table(HEADERS, lines, places, {}, found, 2), small_layout(), Policies()
    )
    assert [record.row for record in checked.records] == [2]
    assert checked.refused == {3}
    assert [one.code for one in checked.findings if one.row == 3] == [UNCLEAR, "key-incomplete"]
