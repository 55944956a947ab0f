"""Rows of headers below the header (header-repeated): one finding each, and what stands below them stays in place."""

from pathlib import Path

import pytest
from tests.core.check.tables import COMPANY, FILE, PERSON, TODAY, checked, only, table_of

from instroom.core.check import check
from instroom.core.layout.descriptions import description, type_words
from instroom.core.layout.standard import standard
from instroom.core.model import CellNote, Checked, Policies
from instroom.core.pipeline import check_file
from instroom.core.xlsx.references import column_letters

COLUMNS = standard().columns
HEADERS = {column.label: column.header for column in COLUMNS}
ROWS = {
    "the header": HEADERS,
    "the header in other letters": {label: header.upper() for label, header in HEADERS.items()},
    "the header in another order": dict(zip(HEADERS, reversed(HEADERS.values()), strict=True)),
    "the header without a block": {label: header.removeprefix("Persoon") for label, header in HEADERS.items()},
    "descriptions": {column.label: description(column, "nl") for column in COLUMNS},
    "descriptions of the person alone": {column.label: description(column, "en") for column in COLUMNS[52:80]},
    "kinds of value": {column.label: type_words(column, "nl") for column in COLUMNS},
    "lengths": {column.label: str(column.max_length or "") for column in COLUMNS},
    "names of fields": {column.label: column.field for column in COLUMNS},
    "types of a database": {column.label: "varchar(50)" for column in COLUMNS},
    "headers with a mark": {label: f"{header} (verplicht)" for label, header in HEADERS.items()},
    "the same everywhere": dict.fromkeys(HEADERS, "Omschrijving"),
    "numbers of columns": {column.label: str(column.index + 1) for column in COLUMNS},
    "letters of columns": {column.label: column_letters(column.index) for column in COLUMNS},
    "a line under the headers": {label: "-" * len(label) for label in HEADERS},
    "what is required": {column.label: "verplicht" if column.required else "optioneel" for column in COLUMNS},
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_a_row_of_headers_is_one_finding(row: dict[str, str]) -> None:
    found = checked(row, PERSON, COMPANY)
    assert (only(found).code, only(found).row) == ("header-repeated", 2)
    assert [record.row for record in found.records] == [3, 4]
    assert found.refused == {2}
    assert (found.record_count, found.company_count, found.person_count) == (3, 1, 1)


RECORDS = {
    "names that are headers": {**PERSON, "PersoonExternSource": "Naam", "PersoonAchternaam": "Land"},
    "an ExternId of words": {**PERSON, "PersoonExternId": "jansen", "PersoonVoornaam": "Titel", "PersoonFunctie": "x"},
    "a surname and a key of words": {**PERSON, "PersoonExternId": "text"},
    "a key, a source and a name alike": dict.fromkeys(COMPANY, "ZON"),
    "a company": {**COMPANY, "BedrijfExternId": "ZON", "BedrijfPostPlaats": "Plaats"},
}


def test_a_record_with_lines_for_nothing_is_none() -> None:
    found = checked({**dict.fromkeys(HEADERS, "---"), **PERSON})
    assert {item.code for item in found.findings} == {"value-nothing"}


def test_a_record_with_a_number_that_nobody_can_read_is_none() -> None:
    found = checked({**PERSON, "PersoonExternId": "jansen", "PersoonAfdeling": "Vrijveld data " + "9" * 5000})
    assert {item.code for item in found.findings} == {"value-too-long"}


@pytest.mark.parametrize("row", RECORDS.values(), ids=RECORDS.keys())
def test_a_record_is_none(row: dict[str, str]) -> None:
    assert checked(row).findings == []


def test_labels_further_down_are_records() -> None:
    """A row of labels stands right below the header; the header itself is found anywhere."""
    people = [{**PERSON, "PersoonExternId": f"P{number}"} for number in range(20)]
    assert [(one.code, one.row) for one in checked(*people, HEADERS).findings] == [("header-repeated", 22)]


def test_notes_of_a_workbook_stay_at_their_cells() -> None:
    flags = {"PersoonAchternaam": {0: CellNote.FORMULA, 2: CellNote.FORMULA}}
    table = table_of(HEADERS, PERSON, {**PERSON, "PersoonExternId": "P2"}, notes=flags)
    found = check(FILE, table, standard(), Policies(), today=TODAY)
    assert [(one.code, one.row) for one in found.findings] == [("header-repeated", 2), ("value-formula", 4)]


def _csv(tmp_path: Path, text: str) -> Checked:
    path = tmp_path / "levering.csv"
    path.write_text(text, encoding="utf-8")
    return check_file(path, standard())[0]


def _line(record: dict[str, str]) -> str:
    return ";".join(record.get(column.label, "") for column in COLUMNS)


def test_two_files_joined_without_a_line_end_between(tmp_path: Path) -> None:
    """The row before it is lost with it: nobody can tell where it ended."""
    one, two = _line(PERSON), _line({**PERSON, "PersoonExternId": "P2"})
    found = _csv(tmp_path, f"{_line(HEADERS)}\n{one}\ufeff{_line(HEADERS)}\n{two}\n")
    assert [(item.code, item.row, item.facts) for item in found.findings] == [
        ("header-repeated", 2, {"problem": "joined"})
    ]


def test_a_repeated_header_of_another_width(tmp_path: Path) -> None:
    found = _csv(tmp_path, f"{_line(HEADERS)}\n{_line(PERSON)}\n{_line(HEADERS)};Extra\n")
    assert [(item.code, item.row) for item in found.findings] == [("header-repeated", 3)]
