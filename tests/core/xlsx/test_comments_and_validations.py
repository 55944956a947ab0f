"""What a workbook says about its cells: comments, validations and defined names, within the limits of all its parts."""

from pathlib import Path

import pytest
from tests.core.xlsx.corpus.parts import MAIN, OFFICE, parts, relations, sheet, write

from instroom.core.model import Limits
from instroom.core.xlsx.errors import WorkbookError
from instroom.core.xlsx.validations import Validation
from instroom.core.xlsx.workbook import Workbook

ROWS = '<row r="1"><c r="A1" t="inlineStr"><is><t>Kop</t></is></c></row><row r="2" s="1"/><row r="3" s="1"/>'
USUAL = (
    '<dataValidations count="2"><dataValidation type="list" sqref="B2:B9 D2"><formula1>"M,V"</formula1>'
    '</dataValidation><dataValidation type="textLength" operator="lessThan" sqref="C2"><formula1>40</formula1>'
    "</dataValidation></dataValidations>"
)
NEWER = (
    '<extLst><ext><x14:dataValidations xmlns:x14="a" xmlns:xm="b"><x14:dataValidation type="list"><x14:formula1>'
    "<xm:f>Lijst!$A$1:$A$3</xm:f></x14:formula1><xm:sqref>E2:E5</xm:sqref></x14:dataValidation></x14:dataValidations>"
    "</ext></extLst>"
)
COMMENTS = (
    f'<comments xmlns="{MAIN}"><authors><author>Planning</author></authors><commentList><comment ref="A1" authorId="0">'
    "<text><r><rPr><b/></rPr><t>Planning:</t></r><r><t>\nnaam</t></r></text></comment>"
    '<comment ref="B4"><text><t>lager</t></text></comment></commentList></comments>'
)
BOMB = '<!DOCTYPE a [<!ENTITY b "c">]>'


def opened(tmp_path: Path, **others: str) -> Workbook:
    content = parts() | {
        "xl/worksheets/sheet1.xml": sheet(ROWS, after=USUAL + NEWER),
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("rId1", "comments", "../comments1.xml")),
        "xl/comments1.xml": COMMENTS,
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/>'
            "</sheets><definedNames><definedName name='functies'>Lijst!$A$1:$A$3</definedName></definedNames>"
            "</workbook>"
        ),
    }
    named = {f"xl/{name.replace('_', '/')}.xml": data for name, data in others.items()}
    return Workbook(write(tmp_path / "a.xlsx", content | named), Limits())


def test_validations_of_either_way_of_writing(tmp_path: Path) -> None:
    with opened(tmp_path) as workbook:
        assert workbook.validations(workbook.sheets[0]) == [
            Validation("list", "between", '"M,V"', "", [(1, 2, 1, 9), (3, 2, 3, 2)]),
            Validation("textLength", "lessThan", "40", "", [(2, 2, 2, 2)]),
            Validation("list", "between", "Lijst!$A$1:$A$3", "", [(4, 2, 4, 5)]),
        ]


def test_comments_with_all_their_runs(tmp_path: Path) -> None:
    with opened(tmp_path) as workbook:
        assert workbook.comments(workbook.sheets[0]) == {(0, 1): "Planning:\nnaam", (1, 4): "lager"}


def test_defined_names(tmp_path: Path) -> None:
    with opened(tmp_path) as workbook:
        assert workbook.defined_names() == {"functies": "Lijst!$A$1:$A$3"}


MANY_NUMBERS = " ".join(map(str, range(1_500_000)))
LONG = "a" * 9_000_000
DEEP = "<a>" * 40


@pytest.mark.parametrize(
    ("comments", "problem"),
    [
        (BOMB + COMMENTS, "entities"),
        (DEEP, "depth"),
        (f'<comments><comment ref="A1"><t>{MANY_NUMBERS}</t></comment></comments>', "bomb"),
        (f'<comments><comment ref="A1"><t>{LONG}</t></comment></comments>', "bomb"),
    ],
    ids=["entities", "deep", "long", "one sort of letter"],
)
def test_hostile_comments(tmp_path: Path, comments: str, problem: str) -> None:
    with pytest.raises(WorkbookError) as refused, opened(tmp_path, comments1=comments) as workbook:
        workbook.comments(workbook.sheets[0])
    assert (refused.value.code, refused.value.facts["problem"]) == ("file-unsafe", problem)


@pytest.mark.parametrize(
    "rules",
    [
        "".join(f'<dataValidation sqref="A{row}"/>' for row in range(1, 70_000)),
        f"<dataValidation><formula1>{MANY_NUMBERS}</formula1></dataValidation>",
    ],
    ids=["many", "long"],
)
def test_hostile_validations(tmp_path: Path, rules: str) -> None:
    with (
        pytest.raises(WorkbookError) as refused,
        opened(tmp_path, worksheets_sheet1=sheet(ROWS, after=rules)) as workbook,
    ):
        workbook.validations(workbook.sheets[0])
    assert (refused.value.code, refused.value.facts["problem"]) == ("file-unsafe", "bomb")
