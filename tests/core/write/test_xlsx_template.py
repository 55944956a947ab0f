"""A workbook template helps to fill it in: text columns, choices, a comment at each header, an explanation."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from instroom.core.language import Language
from instroom.core.layout.descriptions import choices_of
from instroom.core.layout.standard import standard
from instroom.core.write.example import example_rows
from instroom.core.write.templates import write_template

LAYOUT = standard()


@pytest.fixture
def template(tmp_path: Path) -> "openpyxl.Workbook":
    write_template(tmp_path / "sjabloon.xlsx", LAYOUT, "xlsx", example=False)
    return openpyxl.load_workbook(tmp_path / "sjabloon.xlsx")


@pytest.fixture
def sheet(template: "openpyxl.Workbook") -> Worksheet:
    return template.worksheets[0]


def test_the_first_row_holds_the_headers_and_stays_in_sight(sheet: Worksheet) -> None:
    assert [cell.value for cell in sheet[1]] == list(LAYOUT.headers)
    assert sheet.max_row == 1
    assert sheet.freeze_panes == "A2"


def test_every_column_is_text_over_its_whole_length(sheet: Worksheet) -> None:
    formats = {}
    for dimension in sheet.column_dimensions.values():
        for position in range(dimension.min, dimension.max + 1):
            formats[position] = dimension.number_format
            assert 12 <= dimension.width <= 60
    assert formats == dict.fromkeys(range(1, len(LAYOUT.columns) + 1), "@")


def test_each_header_has_a_comment_with_meaning_kind_length_and_need(sheet: Worksheet) -> None:
    comments = {cell.value: cell.comment.text for cell in sheet[1]}
    assert comments["BedrijfIdentificatieNrType"] == (
        "Soort inschrijfnummer\n\nSoort: keuze\nTen hoogste 3 tekens\nVerplicht: nee\nKeuze uit: KVK, KBO, HRA, HRB"
    )
    assert comments["PersoonAchternaam"] == (
        "Achternaam\n\nSoort: tekst\nTen hoogste 100 tekens\nVerplicht: ja, als u een persoon invult"
    )
    assert len(comments) == len(LAYOUT.columns)


def test_a_company_is_only_required_of_who_has_one(sheet: Worksheet) -> None:
    said = next(cell.comment.text for cell in sheet[1] if cell.value == "BedrijfExternId" and cell.comment)
    assert said.endswith("Verplicht: ja, als u een bedrijf invult")


def test_required_headers_are_darker_and_named_as_before(sheet: Worksheet) -> None:
    """A mark within the header would make it another header."""
    colours = {cell.value: cell.fill.fgColor.rgb for cell in sheet[1]}
    plain = {colours[name] for name in ("BedrijfTelefoon", "PersoonVoornaam")}
    assert {name for name, colour in colours.items() if colour not in plain} == {
        *("BedrijfExternId", "BedrijfExternSource", "BedrijfNaam"),
        *("PersoonExternId", "PersoonExternSource", "PersoonAchternaam"),
    }


def test_choices_can_be_picked_from_a_list(sheet: Worksheet) -> None:
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        (area,) = rule.sqref.ranges
        assert (rule.type, area.min_row, area.max_row, area.min_col) == ("list", 2, 10_001, area.max_col)
        offered[area.min_col - 1] = tuple(rule.formula1.strip('"').split(","))
    assert offered == {column.index: choices_of(column) for column in LAYOUT.columns if choices_of(column)}


@pytest.mark.parametrize(
    ("lang", "sheets", "words"),
    [
        ("nl", ["Gegevens", "Uitleg"], {"Dit tabblad wordt niet ingelezen.", "Betekenis", "Achternaam"}),
        ("en", ["Data", "Explanation"], {"This sheet is not read.", "Meaning", "Surname"}),
    ],
)
def test_the_second_sheet_explains_in_the_readers_language(
    tmp_path: Path, lang: Language, sheets: list[str], words: set[str]
) -> None:
    write_template(tmp_path / "sjabloon.xlsx", LAYOUT, "xlsx", example=True, lang=lang)
    workbook = openpyxl.load_workbook(tmp_path / "sjabloon.xlsx")
    assert workbook.sheetnames == sheets
    said = {cell.value for row in workbook[sheets[1]].iter_rows() for cell in row}
    assert words | set(LAYOUT.headers) <= said


def test_the_example_records_stand_on_the_first_sheet(tmp_path: Path) -> None:
    write_template(tmp_path / "voorbeeld.xlsx", LAYOUT, "xlsx", example=True)
    rows = openpyxl.load_workbook(tmp_path / "voorbeeld.xlsx").worksheets[0].iter_rows(min_row=2, values_only=True)
    assert [[value or "" for value in row] for row in rows] == example_rows(LAYOUT)
