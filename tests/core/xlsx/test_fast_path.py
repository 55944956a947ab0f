"""Rows and strings that pass the parser by read the same as through it: a table, or a refusal.

A comment before the first element is all that it takes to send a whole part through the parser.
"""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.core.fuzz.test_fuzz import Mutation, mutations, mutilated
from tests.core.xlsx.corpus.parts import parts, sheet, strings, styles, write
from tests.core.xlsx.corpus.workbooks import GENERATED

from instroom.core.model import Limits
from instroom.core.xlsx import package
from instroom.core.xlsx.errors import WorkbookError
from instroom.core.xlsx.parts import Feed
from instroom.core.xlsx.rows import Row
from instroom.core.xlsx.workbook import Workbook

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
ROOT = re.compile(rb"<(?:worksheet|sst)\b")
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'

OPENINGS = [
    *['<row r="{r}">'] * 8, '<row r="{r}" spans="1:5" x14ac:dyDescent="0.25">', '<row r="{r}" hidden="1">', "<row>",
    '<row r="{r}" customFormat="false" ht="0" hidden="false">', "<row r='{r}'>", '<row  r="{r}">', '<row r="{r}" >',
    '<row r="{r}" s="1" s="1">', '<row r="{r}" r="{r}">', '<row r="1">', '<row r="0{r}">', '<row r="2000000">',
    '<row r="{r}" a=">">', '<row r="{r}" a="&lt;">', "<row hidden='1' r='{r}'>", '<row r="{r}">\n', '<row r="{r}"/>',
    '<row r="{r}" s="1"/>', '<row r="{r}" s="{r}"/>\n', "<row/>", '<row r="{r}"/><row r="{r}">', "<x/>", "<!--<row>-->",
]  # fmt: skip
CELLS = [
    *['<c r="{c}{r}" t="s"><v>0</v></c>'] * 5, '<c r="{c}{r}" s="1" t="s"><v>2</v></c>', '<c r="{c}{r}" s="2"/>',
    *['<c r="{c}{r}" s="1"><v>{r}</v></c>'] * 2, '<c r="{c}{r}" t="n"><v>1.5E+20</v></c>', '<c r="{c}{r}"></c>',
    *['<c r="{c}{r}" t="inlineStr"><is><t>tekst {r}</t></is></c>'] * 2, '<c r="{c}{r}" s="2"><v>45000.5</v></c>',
    '<c r="{c}{r}" s="1" t="inlineStr"><is><t xml:space="preserve"> a &amp;amp; &lt;b&gt;_x000D_ </t></is></c>',
    '<c r="{c}{r}" t="b"><v>1</v></c>', '<c r="{c}{r}" t="e"><v>#N/A</v></c>', '<c r="{c}{r}" t="str"><v> é\t</v></c>',
    '<c r="{c}{r}" t="d"><v>2024-02-29</v></c>', '<c r="{c}{r}" t="s"><v> 1 </v></c>',
    '<c r="{c}{r}" t="s"><v></v></c>',
    '<c r="{c}{r}" t="s"><v>9</v></c>', '<c r="{c}{r}" t="s"><v>-1</v></c>', '<c r="{c}{r}" t="s"><v>1_0</v></c>',
    '<c r="{c}{r}"><v>x</v></c>', '<c r="{c}{r}" s="9"><v>1</v></c>', '<c r="{c}{r}" t="s"><v>&#49;</v></c>',
    '<c r="{c}{r}"><f>1+1</f><v>2</v></c>', '<c r="{c}{r}" t="str"><f>A1</f><v></v></c>', '<c r="{c}{r}"><f>1</f></c>',
    '<c r="{c}{r}" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', '<c r="{c}{r}" t="s" s="1"><v>1</v></c>',
    '<c r="{c}{r}" t="str"><v><![CDATA[<row r="1"></row>]]></v></c>',
    '<c r="{c}{r}" t="str"><v>a<!-- </row> -->b</v></c>',
    "<c r='{c}{r}'><v>3</v></c>", '<c r="{c}1"><v>4</v></c>', '<c r="A{r}"><v>5</v></c>', '<c r="AAA{r}"><v>6</v></c>',
    "<c><v>7</v></c>", "<c/>", '<c r="{c}{r}" t="str"><v>a]]>b</v></c>', '<c r="{c}{r}" t="str"><v>\r\n</v></c>',
    '<c r="{c}{r}" t="str"><v>\x0c</v></c>', '<c r="{c}{r}" t="str"><v>\ufffe</v></c>', '<c r="{c}{r}" s="1" s="1"/>',
    '<c r="{c}{r}" t="inlineStr"><v>a</v></c>', '<c r="{c}{r}" t="s"><is><t>b</t></is></c>',
    "<?row </row>?>", "<x>", "\n ", "c", '<c r="{c}{r}">v<v>1</v></c>', '<c r="{c}{r}"><v>1</v>v</c>',
    '<c r="{c}{r}" t="inlineStr"><is>t<t>a</t></is></c>', '<c r="{c}{r}" t="inlineStr"><is><t>a</t>t</is></c>',
    '<c r="{c}{r}" t="inlineStr"><is><r><t>c</t></r><r><t>t</t></r></is></c>',
    '<c r="{c}{r}" t="str"><v>&#x41;</v></c>', '<c r="{c}{r}" t="str"><v>&a;</v></c>', '<c r="{c}{r}" a="', "</row>",
]  # fmt: skip
CLOSINGS = [
    *["</row>"] * 8,
    "</row>\n",
    "</row >",
    "</row><x/>",
    "",
    "</row>text",
    "</row>t",
    "</row></sheetData><sheetData>",
    "<!--",
]
STRING_ITEMS = [
    *["<si><t>tekst {r}</t></si>"] * 6, '<si><t xml:space="preserve"> a &lt; &amp;lt; b </t></si>',
    "<si><t>_x0041_</t></si>",
    "<si><t></t></si>", "<si><t/></si>", "<si/>", "<si><t>é😀</t></si>\n", "<si><r><t>a</t></r><r><t>b</t></r></si>",
    "<si><t>a</t><rPh><t>b</t></rPh></si>", "<si><t>a\rb</t></si>", "<si><t>&#65;</t></si>",
    "<si><t><![CDATA[<si>]]></t></si>",
    "<si><!-- <si> --><t>c</t></si>", "<si ><t>d</t></si>", "<si a='>'><t>e</t></si>", "<si><t a=''>f</t></si>",
    "<x/>", "</si>", "si", "<si>t<t>a</t></si>", "<si><t>a</t>t</si>",
    "<si><si><t>g</t></si></si>", "<si><t>]]></t></si>", "<si><t>&a;</t></si>", "<si><t>si</t></si>",
    "<si><t>" + "a" * 60 + "</t></si>",
]  # fmt: skip

row_of_cells = st.builds(
    lambda opening, inside, closing: opening + "".join(inside) + closing,
    st.sampled_from(OPENINGS),
    st.lists(st.sampled_from(CELLS[:14]) | st.sampled_from(CELLS), max_size=5).map(
        lambda inside: [cell.replace("{c}", "ABCDE"[index]) for index, cell in enumerate(inside)]
    ),
    st.sampled_from(CLOSINGS),
)
usual_row = st.lists(st.sampled_from(CELLS[:14]), max_size=5).map(
    lambda inside: '<row r="{r}">' + "".join(c.replace("{c}", "ABCDE"[i]) for i, c in enumerate(inside)) + "</row>"
)
sheets = st.lists(usual_row | usual_row | row_of_cells | st.just('<row r="{r}" s="1"/>'), max_size=12).map(
    lambda rows: sheet("".join(row.replace("{r}", str(number)) for number, row in enumerate(rows, 7)))
)
string_parts = st.lists(st.sampled_from(STRING_ITEMS[:8]) | st.sampled_from(STRING_ITEMS), max_size=8).map(
    lambda items: strings("".join(item.replace("{r}", str(number)) for number, item in enumerate(items)))
)

Answer = list[Row] | tuple[str, dict[str, Any]]


def answer(path: Path, content: dict[str, bytes], chunk: int) -> Answer:
    """What the reader says of a workbook when it comes in pieces of this size."""
    write(path, content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package, "_CHUNK", chunk)
        try:
            with Workbook(path, Limits(cell_characters=40)) as book:
                return list(book.reader(book.sheets[0]).rows())
        except WorkbookError as refused:
            return refused.code, refused.facts


def through_the_parser(content: dict[str, bytes]) -> dict[str, bytes]:
    """The same workbook, so written that no item passes the parser by."""
    return {name: ROOT.sub(rb"<!-- -->\g<0>", data, count=1) for name, data in content.items()}


def assert_the_same(content: dict[str, bytes], chunk: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        assert answer(path, content, chunk) == answer(path, through_the_parser(content), 65_536), content


def workbook(rows: str, texts: str) -> dict[str, bytes]:
    content = parts(**{SHEET: rows, STRINGS: texts, "xl/styles.xml": styles("00000000", "d-m-yyyy")})
    return {name: data.encode() for name, data in content.items()}


THREE = strings("".join(f"<si><t>{word}</t></si>" for word in ("een", "twee", "drie")))


@settings(suppress_health_check=list(HealthCheck))
@given(
    rows=sheets, start=st.sampled_from(["", DECLARATION, "\ufeff" + DECLARATION]), chunk=st.sampled_from([7, 100, 9999])
)
@example(rows=sheet('<row r="1" a="x/><row r="2"><c r="A2"><v>1</v></c></row><row r="3" b="/>'), start="", chunk=9999)
@example(rows=sheet('<row r="1" a="x/>\n<row r="2"><c r="A2"><v>1</v></c></row>"/>'), start="", chunk=9999)
def test_rows(rows: str, start: str, chunk: int) -> None:
    assert_the_same(workbook(start + rows, THREE), chunk)


@settings(suppress_health_check=list(HealthCheck))
@given(texts=string_parts, start=st.sampled_from(["", DECLARATION]), chunk=st.sampled_from([7, 100, 9999]))
def test_shared_strings(texts: str, start: str, chunk: int) -> None:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in range(1, 9))
    assert_the_same(workbook(sheet(cells), start + texts), chunk)


@settings(suppress_health_check=list(HealthCheck))
@given(rows=sheets, name=st.sampled_from([SHEET, SHEET, STRINGS]), changes=mutations, chunk=st.sampled_from([50, 9999]))
def test_mutilated_parts(rows: str, name: str, changes: list[Mutation], chunk: int) -> None:
    content = workbook(DECLARATION + rows, DECLARATION + THREE)
    assert_the_same(content | {name: mutilated(content[name], changes)}, chunk)


@pytest.mark.parametrize("make", GENERATED.values(), ids=GENERATED.keys())
def test_what_libraries_write(tmp_path: Path, make: Any) -> None:
    make(tmp_path / "b.xlsx")
    with package.Package(tmp_path / "b.xlsx", Limits()) as made:
        content = {name: b"".join(made.chunks(name)) for name in made.names}
    assert_the_same(content, 1000)


@pytest.mark.parametrize("blank", ['<row r="{n}" s="1" ht="15"/>', '<row r="{n}"><c r="A{n}" s="9"/>\n</row>'])
@pytest.mark.parametrize("odd", ["", '<row r="{n}" s="1" s="1"/>', '<row r="4"/>', "<row/>", "<row r='{n}'/>", "<row>"])
@pytest.mark.parametrize("at", [90, 1_003, 1_999])
def test_many_blank_rows(blank: str, odd: str, at: int) -> None:
    rows = [blank.replace("{n}", str(n)) for n in range(5, 2_000)]
    rows[at - 5] = (odd or blank).replace("{n}", str(at)) if at < 2_000 else rows[at - 5]
    assert_the_same(workbook(sheet("".join(rows) + '<row r="2500"><c r="A2500"><v>1</v></c></row>'), THREE), 5_000)


@pytest.mark.parametrize("last", [1_048_576, 1_048_577])
def test_blank_rows_end_where_a_sheet_ends(last: int) -> None:
    rows = "".join(f'<row r="{n}" s="1"/>' for n in range(1_048_000, last + 1))
    assert_the_same(workbook(sheet(rows), THREE), 65_536)


class Fed:
    """Counts the bytes that parsers are given."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.bytes = self.times = 0
        parse = Feed.parse

        def counted(feed: Feed, data: bytes) -> None:
            self.bytes += len(data)
            self.times += 1
            parse(feed, data)

        patch.setattr(Feed, "parse", counted)


USUAL = {
    "blank rows": '<row r="{n}" spans="1:6" s="1" customFormat="1" x14ac:dyDescent="0.25"/>',
    "blank cells": '<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>',
    "numbers": '<row r="{n}"><c r="A{n}" s="1"><v>{n}</v></c></row>\n',
    "shared": '<row r="{n}" ht="12.8"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}" s="0" t="s"><v>2</v></c></row>',
    "inline": '<row r="{n}"><c r="A{n}" t="inlineStr"><is><t xml:space="preserve">&amp; {n}</t></is></c></row>',
}


@pytest.mark.parametrize("written", USUAL.values(), ids=USUAL.keys())
def test_what_is_usual_does_not_reach_the_parser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    rows = "".join(written.replace("{n}", str(n)) for n in range(1, 5_000))
    long = strings("".join(f"<si><t>{n}</t></si>" for n in range(5_000)))
    content = workbook(DECLARATION + sheet(rows), DECLARATION + long)
    fed = Fed(monkeypatch)
    answer(tmp_path / "a.xlsx", content, 65_536)
    assert fed.bytes < 6_000  # the small parts, and what stands around rows and strings


def test_an_unusual_row_alone_goes_through_the_parser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = USUAL["numbers"]
    formula = '<row r="{n}"><c r="A{n}"><f>1+1</f><v>2</v></c></row>'
    rows = "".join((usual if n % 100 else formula).replace("{n}", str(n)) for n in range(1, 5_000))
    fed = Fed(monkeypatch)
    read = answer(tmp_path / "a.xlsx", workbook(sheet(rows), THREE), 65_536)
    assert len(read) == 4_999
    assert fed.bytes < 10_000


def test_where_nothing_is_usual_the_parser_gets_it_in_large_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"<row r='{n}'><c r='A{n}'><v>{n}</v></c></row>" for n in range(1, 20_000))
    content = workbook(sheet(rows), THREE)
    fed = Fed(monkeypatch)
    assert len(answer(tmp_path / "a.xlsx", content, 65_536)) == 19_999
    assert fed.times < 1_100
