"""Text that stands outside of cells and strings never reaches a value: the file is damaged, and says at which row."""

import re
from pathlib import Path

import pytest
from tests.core.xlsx.corpus.parts import sheet, strings
from tests.core.xlsx.test_fast_path import SHEET, STRINGS, answer, through_the_parser, workbook

ONE = strings("<si><t>een</t></si>")
TEXT_CELL = '<c r="A8" t="inlineStr"><is><t>tekst 8</t></is></c>'
VALUE_CELL = '<c r="B8"><v>1</v></c>'

SHEETS: dict[str, tuple[str, int | None]] = {
    "behind a row": (f'<row></row><row r="8">{TEXT_CELL}</row>text', 8),
    "behind a row, the name of an element": (f'<row r="8">{TEXT_CELL}</row>t', 8),
    "between rows": (f'<row r="8">{TEXT_CELL}</row>c<row r="9"/>', 8),
    "between rows, behind a blank one": ('<row r="8"/>row<row r="9"/>', 8),
    "before the rows": (f'text<row r="8">{TEXT_CELL}</row>', None),
    "before a cell": (f'<row r="8">v{TEXT_CELL}</row>', 8),
    "between cells": (f'<row r="8">{TEXT_CELL}c{VALUE_CELL}</row>', 8),
    "behind a blank cell": (f'<row r="8"><c r="A8"/>c{VALUE_CELL}</row>', 8),
    "behind a cell": (f'<row r="8">{VALUE_CELL}v</row>', 8),
    "in a row without cells": ('<row r="8">c</row>', 8),
    "in a cell": ('<row r="8"><c r="A8">v</c></row>', 8),
    "before a value": ('<row r="8"><c r="A8">1<v>2</v></c></row>', 8),
    "behind a value": ('<row r="8"><c r="A8"><v>1</v>v</c></row>', 8),
    "before a formula": ('<row r="8"><c r="A8">f<f>1+1</f><v>2</v></c></row>', 8),
    "behind a formula": ('<row r="8"><c r="A8"><f>1+1</f>f<v>2</v></c></row>', 8),
    "behind a formula without a value": ('<row r="8"><c r="A8"><f>1+1</f>f</c></row>', 8),
    "before a text": ('<row r="8"><c r="A8" t="inlineStr"><is>t<t>a</t></is></c></row>', 8),
    "behind a text": ('<row r="8"><c r="A8" t="inlineStr"><is><t>a</t>t</is></c></row>', 8),
    "in a run": ('<row r="8"><c r="A8" t="inlineStr"><is><r>r<t>a</t></r></is></c></row>', 8),
    "between runs": ('<row r="8"><c r="A8" t="inlineStr"><is><r><t>a</t></r>t<r><t>b</t></r></is></c></row>', 8),
    "before a cell in a cell": ('<row r="8"><c r="A8" t="inlineStr"><is><t>a</t></is>c<c r="B8"/></c></row>', 8),
    "behind a foreign element": ('<row r="8"><c r="A8"><v>1</v></c></row><x>y</x>v<row r="9"/>', 8),
}
SHARED = {
    "before a text": "<si>t<t>a</t></si>",
    "behind a text": "<si><t>a</t>t</si>",
    "in a run": "<si><r>t<t>a</t></r></si>",
    "between runs": "<si><r><t>a</t></r>r<r><t>b</t></r></si>",
    "without a text": "<si>t</si>",
    "between strings": "<si><t>a</t></si>si<si><t>b</t></si>",
    "before the strings": "si<si><t>b</t></si>",
    "behind the strings": "<si><t>b</t></si>si",
}
CHUNKS = [1, 2, 3, 5, 7, 11, 19, 65_536]


@pytest.mark.parametrize(("rows", "row"), SHEETS.values(), ids=SHEETS.keys())
def test_text_outside_of_cells(tmp_path: Path, rows: str, row: int | None) -> None:
    content = workbook(sheet(rows), ONE)
    facts = {"problem": "stray-text", "sheet": "Blad1"} | ({"row": row} if row else {})
    for chunk in CHUNKS:
        assert answer(tmp_path / "a.xlsx", content, chunk) == ("file-damaged", facts), chunk
        assert answer(tmp_path / "a.xlsx", through_the_parser(content), chunk) == ("file-damaged", facts), chunk


@pytest.mark.parametrize("items", SHARED.values(), ids=SHARED.keys())
def test_text_outside_of_shared_strings(tmp_path: Path, items: str) -> None:
    content = workbook(sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), strings(items))
    for chunk in CHUNKS:
        for given in (content, through_the_parser(content)):
            assert answer(tmp_path / "a.xlsx", given, chunk) == ("file-damaged", {"problem": "stray-text"}), chunk


WHOLE = sheet(
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"/><c r="C1"><f>1+1</f><v>2</v></c></row><row r="2"/>'
    '<row r="3"><c r="A3" t="inlineStr"><is><r><rPr><b/></rPr><t>c</t></r><r><t>t</t></r></is></c>'
    '<c r="B3" t="inlineStr"><is><t>is</t><rPh sb="0"><t>x</t></rPh></is></c><c r="D3" t="str"><v>row</v></c></row>',
    before='<cols><col min="1" max="2" hidden="1"/></cols>',
    after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells><headerFooter><oddHeader>v</oddHeader></headerFooter>',
)
GAPS = [match.start() + 1 for match in re.finditer("><", WHOLE)]
WITH_ALL = '<sst count="2"><si><r><rPr><b/></rPr><t>si</t></r><r><t>t</t></r></si><extLst><ext>v</ext></extLst></sst>'


def test_a_value_that_spells_the_name_of_a_row_closes_none(tmp_path: Path) -> None:
    rows = sheet('<row r="1"><c r="A1" t="str"><v>row</v></c><row r="2"><c r="A2"><v>1</v></c></row></row>')
    assert answer(tmp_path / "a.xlsx", workbook(rows, ONE), 65_536) == (
        "file-damaged",
        {"problem": "xml", "sheet": "Blad1", "row": 1},
    )


@pytest.mark.parametrize("after", ["", "<pageMargins/>", "<pageMargins/>None<pageSetup/>"])
def test_text_behind_the_rows_is_part_of_none(tmp_path: Path, after: str) -> None:
    rows = f'<row r="8">{TEXT_CELL}{VALUE_CELL}</row>'
    read = answer(tmp_path / "a.xlsx", workbook(sheet(rows), ONE), 65_536)
    for chunk in CHUNKS:
        for given in (content := workbook(sheet(rows, after=f"\n None\n{after}"), ONE), through_the_parser(content)):
            assert answer(tmp_path / "a.xlsx", given, chunk) == read


def test_what_is_legal_is_read(tmp_path: Path) -> None:
    for chunk in CHUNKS:
        rows = answer(tmp_path / "a.xlsx", workbook(WHOLE, WITH_ALL), chunk)
        assert [row.cells for row in rows if not isinstance(row, str)] == [  # type: ignore[union-attr]
            {0: "sit", 2: "2"},
            {0: "ct", 1: "is", 3: "row"},
        ]


@pytest.mark.parametrize("chunk", [7, 65_536])
@pytest.mark.parametrize("blank", ["\n", " \t\r\n"])
def test_white_space_between_any_two_tags_changes_nothing(tmp_path: Path, blank: str, chunk: int) -> None:
    read = answer(tmp_path / "a.xlsx", workbook(WHOLE, WITH_ALL), 65_536)
    for at in GAPS:
        content = workbook(WHOLE[:at] + blank + WHOLE[at:], WITH_ALL)
        assert answer(tmp_path / "a.xlsx", content, chunk) == read, WHOLE[at:]


@pytest.mark.parametrize("chunk", [7, 65_536])
@pytest.mark.parametrize("text", ["t", "row", "sheetData"])
def test_text_between_any_two_tags_changes_no_value(tmp_path: Path, text: str, chunk: int) -> None:
    read = answer(tmp_path / "a.xlsx", workbook(WHOLE, WITH_ALL), 65_536)
    first, last = WHOLE.index("<row"), WHOLE.index("</sheetData>")
    for at in GAPS:
        said = answer(tmp_path / "a.xlsx", workbook(WHOLE[:at] + text + WHOLE[at:], WITH_ALL), chunk)
        assert said[0] == "file-damaged" or (said == read and not first <= at <= last), WHOLE[at:]


def test_the_parts_around_take_values_from_attributes_alone(tmp_path: Path) -> None:
    content = workbook(WHOLE, WITH_ALL)
    read = answer(tmp_path / "a.xlsx", content, 65_536)
    for name in content.keys() - {SHEET, STRINGS}:
        spoilt = content[name].replace(b"><", b">14<")
        assert answer(tmp_path / "a.xlsx", content | {name: spoilt}, 65_536) == read, name
