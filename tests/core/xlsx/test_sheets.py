"""Any way in which a sheet may be written down reads the same (ECMA-376)."""

from pathlib import Path
from typing import Any

import pytest
from tests.core.xlsx.corpus.parts import (
    MAIN,
    OFFICE,
    STRICT,
    STRICT_OFFICE,
    parts,
    relations,
    sheet,
    strings,
    styles,
    write,
)
from tests.core.xlsx.corpus.reading import cells, read_rows, texts

from instroom.core.model import CellNote, Limits
from instroom.core.xlsx.errors import RowsOutOfOrder, WorkbookError
from instroom.core.xlsx.sorted_rows import rows_by_number
from instroom.core.xlsx.workbook import Workbook

PLACES = {
    "all said": '<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row>',
    "rows not said": '<row/><row><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row>',
    "cells not said": '<row r="2"><c/><c><v>1</v></c><c/><c><v>2</v></c></row>',
    "after one that is": '<row r="2"><c r="B2"><v>1</v></c><c/><c><v>2</v></c></row>',
    "after a blank one that is": '<row r="2"><c r="B2"><v>1</v></c><c r="C2"/><c><v>2</v></c></row>',
    "zeros before the row": '<row r="02"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row>',
    "over lines": '\n<row r="2">\n <c r="B2">\n  <v>1</v>\n </c>\n <c r="D2">\n<v>2\n</v>\n</c>\n</row>\n',
    "other elements between": (
        '<row r="2"><c r="B2"><v>1</v><extLst><ext><e:row xmlns:e="e"/></ext></extLst></c><c r="D2"><v>2</v></c></row>'
    ),
    "at the end of a row": (
        '<row r="1"><c r="A1"/><extLst/></row>'
        '<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c><extLst/></row><row r="3"/>'
    ),
    "another namespace": '<row r="2"><c r="B2"><v>1</v></c><e:c xmlns:e="e" r="C2"/><c r="D2"><v>2</v></c></row>',
    "small letters": '<row r="2"><c r="b2"><v>1</v></c><c r="d2"><v>2</v></c></row>',
}


@pytest.mark.parametrize("rows", PLACES.values(), ids=PLACES.keys())
def test_where_cells_stand(tmp_path: Path, rows: str) -> None:
    assert texts(tmp_path, rows) == {"B2": "1", "D2": "2"}


def test_the_last_column_and_row(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="ZZ1"><v>1</v></c><c r="AAA1"><v>2</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>3</v></c></row>'
    )
    assert texts(tmp_path, rows) == {"ZZ1": "1", "AAA1": "2", "XFD1048576": "3"}


def test_cells_in_another_order(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="C1"><v>3</v></c><c r="A1" t="b"><v>1</v></c><c r="B1"/><c r="B1" t="str"><v>2</v></c></row>'
        '<row r="2"><c r="B2"><v>5</v></c><c r="A2"><v>4</v></c><c r="C2"><v>6</v></c></row>'
    )
    found = read_rows(tmp_path, rows)
    assert list(found) == ["A1", "B1", "C1", "A2", "B2", "C2"]
    assert [text for text, _ in found.values()] == ["TRUE", "2", "3", "4", "5", "6"]
    assert found["A1"][1] == CellNote.BOOLEAN


def test_a_row_that_does_not_say_where_it_stands_is_where_its_first_cell_is(tmp_path: Path) -> None:
    rows = (
        '<row><c r="A1"><v>1</v></c></row><row><c r="A4"><v>2</v></c><c r="B4"><v>3</v></c></row>'
        "<row><c><v>4</v></c></row>"
    )
    assert texts(tmp_path, rows) == {"A1": "1", "A4": "2", "B4": "3", "A5": "4"}


def by_number(path: Path) -> list[tuple[int, dict[int, str]]]:
    """The rows of the first sheet, sorted."""
    with Workbook(path, Limits()) as book:
        return [(row.number, row.cells) for row in rows_by_number(book.reader(book.sheets[0]), 100)]


def test_rows_in_another_order(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>' for number in (3, 1, 40, 2))
    path = write(tmp_path / "a.xlsx", parts(rows + '<row r="3"/><row><c><v>4</v></c></row>'))
    assert by_number(path) == [(number, {0: str(number)}) for number in (1, 2, 3, 4, 40)]


@pytest.mark.parametrize("rows", ['<row r="2"/><row r="1"/>', '<row r="2"><c><v>1</v></c></row><row r="2"/>'])
def test_rows_in_another_order_are_not_streamed(tmp_path: Path, rows: str) -> None:
    with pytest.raises(RowsOutOfOrder):
        read_rows(tmp_path, rows)


FAULTS: list[tuple[str, dict[str, Any]]] = [
    ('<row r="1048577"/>', {"problem": "row-place"}),
    ('<row r="3"/><row r="0"/>', {"problem": "row-place", "row": 3}),
    (
        '<row r="3"><c r="A3"><v>1</v></c><c r="A3"><v>2</v></c></row>',
        {"problem": "cell-twice", "row": 3, "cell": "A3"},
    ),
    (
        '<row r="3"><c r="B3"><v>1</v></c><c r="C3"><v>1</v></c><c r="B3"><v>1</v></c></row>',
        {"problem": "cell-twice", "row": 3, "cell": "B3"},
    ),
    ('<row r="1"><c r="A2"><v>1</v></c></row>', {"problem": "cell-place", "row": 1, "cell": "A2"}),
    ('<row><c r="A2"><v>1</v></c><c r="A3"><v>1</v></c></row>', {"problem": "cell-place", "row": 2, "cell": "A3"}),
    ('<row r="1"><c r="XFE1"><v>1</v></c></row>', {"problem": "cell-place", "row": 1, "cell": "XFE1"}),
    ('<row r="1"><c r="A"><v>1</v></c></row>', {"problem": "cell-place", "row": 1, "cell": "A"}),
    ('<row r="1"><c r="XFD1"/><c><v>1</v></c></row>', {"problem": "cell-place", "row": 1}),
    ('<c r="A1"><v>1</v></c>', {"problem": "cell-place", "cell": "A1"}),
    ('<row r="7"><c r="A7"><v>1</v></c></row><row r="8"><c r="A8"><v>1</c></row>', {"problem": "xml", "row": 8}),
    ('<row r="7"><c r="A7"><v>1</v></c></row><row r="8"><c r="A8"><v>&nbsp;</v>', {"problem": "xml", "row": 8}),
]


@pytest.mark.parametrize(("rows", "facts"), FAULTS)
def test_a_fault_tells_where_it_stands(tmp_path: Path, rows: str, facts: dict[str, Any]) -> None:
    with pytest.raises(WorkbookError) as refused:
        read_rows(tmp_path, rows)
    assert refused.value.code == "file-damaged"
    assert {name: fact for name, fact in refused.value.facts.items() if name != "part"} == facts | {"sheet": "Blad1"}


def test_the_same_row_twice(tmp_path: Path) -> None:
    rows = '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>'
    with pytest.raises(WorkbookError) as refused:
        by_number(write(tmp_path / "a.xlsx", parts(rows)))
    assert refused.value.facts == {"problem": "row-twice", "row": 2, "sheet": "Blad1"}


@pytest.mark.parametrize("number", ["2", "-1", "1.5", "a", "1e3"])
@pytest.mark.parametrize("place", [' r="B3"', ""])
def test_a_shared_string_that_does_not_exist(tmp_path: Path, number: str, place: str) -> None:
    with pytest.raises(WorkbookError) as refused:
        read_rows(
            tmp_path,
            f'<row r="3"><c r="A3"/><c{place} t="s"><v>{number}</v></c></row>',
            sharedStrings=strings("<si><t>a</t></si><si><t>b</t></si>"),
        )
    assert refused.value.code == "file-damaged"
    assert refused.value.facts == {"problem": "string", "row": 3, "cell": "B3", "value": number, "sheet": "Blad1"}


def test_strict_and_prefixed(tmp_path: Path) -> None:
    content = parts()
    content["_rels/.rels"] = relations(("rId1", "officeDocument", "/xl/boek.xml"), office=STRICT_OFFICE)
    content["xl/boek.xml"] = (
        f'<x:workbook xmlns:x="{STRICT}" xmlns:q="{STRICT_OFFICE}"><x:sheets>'
        '<x:sheet name="Blad1" sheetId="1" q:id="a"/></x:sheets></x:workbook>'
    )
    content["xl/_rels/boek.xml.rels"] = relations(
        ("a", "worksheet", "../xl/worksheets/SHEET1.xml"), ("b", "sharedStrings", "/xl/s.xml"), office=STRICT_OFFICE
    )
    runs = "<x:si><x:r><x:t>a</x:t></x:r><x:r><x:t>b</x:t></x:r></x:si>"
    content["xl/s.xml"] = f'<x:sst xmlns:x="{STRICT}">{runs}</x:sst>'
    inline = '<x:c r="B1" t="inlineStr"><x:is><x:t>c</x:t></x:is></x:c>'
    rows = f'<x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c>{inline}</x:row></x:sheetData>'
    content["xl/worksheets/sheet1.xml"] = f'<x:worksheet xmlns:x="{STRICT}">{rows}</x:worksheet>'
    found = cells(write(tmp_path / "a.xlsx", content))
    assert found == {"A1": ("ab", 0), "B1": ("c", 0)}


def test_the_least_that_a_workbook_is(tmp_path: Path) -> None:
    content = parts('<row r="1"><c r="A1" s="7"><v>43860</v></c></row>')
    del content["_rels/.rels"], content["[Content_Types].xml"]
    assert cells(write(tmp_path / "a.xlsx", content)) == {"A1": ("43860", 1)}


def test_a_dimension_that_lies(tmp_path: Path) -> None:
    lies = sheet('<row r="3"><c r="C3"><v>1</v></c></row>', '<dimension ref="A1:XFD1048576"/>')
    assert cells(write(tmp_path / "a.xlsx", parts(**{"xl/worksheets/sheet1.xml": lies}))) == {"C3": ("1", 1)}


def test_names_in_backslashes_and_other_case(tmp_path: Path) -> None:
    content = {name.replace("/", "\\").upper(): data for name, data in parts("<row><c><v>1</v></c></row>").items()}
    assert cells(write(tmp_path / "a.xlsx", content)) == {"A1": ("1", 1)}


def test_merged_cells_show_the_first(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{row}">{"".join(f"""<c r="{column}{row}"><v>{row}</v></c>""" for column in "ABC")}</row>'
        for row in (1, 2, 3)
    )
    merges = "".join(f'<mergeCell ref="{area}"/>' for area in ("A1:B2", "C2:C3", "?"))
    merged = sheet(rows, after=f"<mergeCells>{merges}</mergeCells>")
    found = cells(write(tmp_path / "a.xlsx", parts(**{"xl/worksheets/sheet1.xml": merged})))
    assert sorted(found) == ["A1", "A3", "B3", "C1", "C2"]


def test_a_module_sheet_of_an_older_version(tmp_path: Path) -> None:
    workbook = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Module" sheetId="2" r:id=""/>'
        '<sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    assert texts(tmp_path, "<row><c><v>1</v></c></row>", workbook=workbook) == {"A1": "1"}


def test_a_formatted_sheet_without_a_value(tmp_path: Path) -> None:
    def rows() -> str:
        return "".join(f'<row r="{n}" s="1" customFormat="1" ht="15"/>' for n in range(1, 1_048_577))

    path = write(tmp_path / "a.xlsx", parts(rows(), **{"xl/styles.xml": styles("@")}))
    assert cells(path, limits=Limits()) == {}
