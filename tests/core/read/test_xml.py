"""XML (product.md A6): what becomes of the elements, in which Regel, and what is found."""

from pathlib import Path

import pytest
from tests.core.hostile.small_layout import HEADERS, small_layout

from instroom.core.layout.own_layouts import load
from instroom.core.model import Limits, Table
from instroom.core.read.from_xml import read_xml

ONE = "<Bedrijf><ExternId>1</ExternId><ExternSource>HR</ExternSource><Naam>Een BV</Naam></Bedrijf>"
TWO = "<Persoon><ExternId>2</ExternId><ExternSource>HR</ExternSource><Achternaam>Twee</Achternaam></Persoon>"
ROW_1 = ["1", "HR", "Een BV", "", "", ""]
ROW_2 = ["", "", "", "2", "HR", "Twee"]
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

Found = list[tuple[str, int | None, dict[str, object]]]


def read(tmp_path: Path, content: str | bytes, limits: Limits | None = None) -> Table:
    path = tmp_path / "levering.xml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_xml(path, small_layout(), limits or Limits())


def found(table: Table) -> Found:
    return [(finding.code, finding.row, dict(finding.facts)) for finding in table.findings]


def root(*inside: str, start: str = '<Instroom layout="standard/1">') -> str:
    return f"{start}{''.join(inside)}</Instroom>"


def regel(*inside: str) -> str:
    return f"<Regel>{''.join(inside)}</Regel>"


def name(text: str) -> str:
    return regel(f"<Bedrijf><Naam>{text}</Naam></Bedrijf>")


def named(text: str) -> dict[int, list[str]]:
    return {1: ["", "", text, "", "", ""]}


def blank(first: int, last: int) -> tuple[str, int, dict[str, object]]:
    return "row-blank", first, {"last_row": last, "count": last - first + 1}


READ = {
    "a company": (root(regel(ONE)), {1: ROW_1}, []),
    "both": (root(regel(ONE, TWO)), {1: [*ROW_1[:3], *ROW_2[3:]]}, []),
    "several": (root(regel(ONE), regel(TWO), regel(ONE)), {1: ROW_1, 2: ROW_2, 3: ROW_1}, []),
    "laid out on lines": (root("\n  ", regel("\n ", ONE, "\n "), "\n"), {1: ROW_1}, []),
    "blank elements left out or empty": (
        root(name("a"), name("") + name("b")),
        {1: named("a")[1], 3: named("b")[1]},
        [blank(2, 2)],
    ),
    "an empty element in its short form": (root(regel("<Bedrijf><ExternId/><Naam>a</Naam></Bedrijf>")), named("a"), []),
    "an empty Regel at each end": (
        root("<Regel/>", regel(ONE), "<Regel/><Regel> </Regel>"),
        {2: ROW_1},
        [blank(1, 1), blank(3, 4)],
    ),
    "a Regel of spaces": (root(name(" &#160; "), regel(ONE)), {2: ROW_1}, [blank(1, 1)]),
    "no Regel": (root(), {}, []),
    "white space in a cell stays": (root(name(" a\n\tb ")), named(" a\n\tb "), []),
    "a carriage return is kept where it is written as one": (root(name("a&#13;\nb")), named("a\r\nb"), []),
    "characters of its own": (root(name("&lt;a&gt; &amp; &quot;&#233;&#x1F600;&apos;")), named("<a> & \"é😀'"), []),
    "CDATA": (root(name("a<![CDATA[<b>&c;]]>d")), named("a<b>&c;d"), []),
    "comments and instructions": (root("<!--a-->", name("a<!--b--><?c d?>b"), "<?e?>"), named("ab"), []),
    "a comment before the root": ("<!-- a -->\n" + root(regel(ONE)), {1: ROW_1}, []),
    "xml:space": (root(regel('<Bedrijf><Naam xml:space="preserve"> a</Naam></Bedrijf>')), named(" a"), []),
    "where the schema is": (
        root(regel(ONE), start=f'<Instroom {XSI} xsi:noNamespaceSchemaLocation="a.xsd" layout="standard/1">'),
        {1: ROW_1},
        [],
    ),
}


@pytest.mark.parametrize(("content", "rows", "findings"), READ.values(), ids=READ.keys())
def test_reading(tmp_path: Path, content: str, rows: dict[int, list[str]], findings: Found) -> None:
    table = read(tmp_path, content)
    assert dict(zip(table.places, table.rows, strict=True)) == rows
    assert found(table) == findings
    assert table.headers == list(HEADERS)


ENCODINGS = {
    "utf-8": ["UTF-8", "utf-8", "UTF8", "utf_8"],
    "utf-16": ["UTF-16", "utf16", "UTF-16LE", "unicode", "UCS-2"],
    "utf-16-le": ["UTF-16", "UTF-16LE"],
    "utf-16-be": ["UTF-16", "UTF-16BE"],
    "latin-1": ["ISO-8859-1", "iso8859-1", "iso_8859_1", "latin1", "Latin-1", "l1"],
    "iso8859-15": ["ISO-8859-15", "latin9"],
    "cp1252": ["windows-1252", "Windows1252", "cp1252", "CP-1252", "win-1252", "ANSI"],
    "cp1250": ["windows-1250"],
    "cp850": ["cp850", "IBM850", "dos-850"],
    "mac-roman": ["macintosh"],
}


@pytest.mark.parametrize("codec", ENCODINGS)
def test_the_declared_encoding_is_used(tmp_path: Path, codec: str) -> None:
    for encoding in ENCODINGS[codec]:
        content = f'<?xml version="1.0" encoding="{encoding}"?>' + root(name("Café"))
        assert read(tmp_path, content.encode(codec)).rows == [named("Café")[1]], encoding


@pytest.mark.parametrize("encoding", ["ascii", "US-ASCII", "latin1", "windows-1252", "UTF8"])
def test_ascii_is_all_of_them(tmp_path: Path, encoding: str) -> None:
    content = f"<?xml version='1.0'\n encoding = '{encoding}' standalone='yes' ?>" + root(name("Cafe"))
    assert read(tmp_path, content).rows == [named("Cafe")[1]]


BEFORE = {"blank lines": "\r\n \n\t", "a byte order mark twice": "\ufeff\ufeff", "a mark and a blank line": "\ufeff\n"}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE.keys())
@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le"])
def test_blanks_before_the_declaration_do_no_harm(tmp_path: Path, before: str, codec: str) -> None:
    content = f'{before}<?xml version="1.0" encoding="{codec[:6]}"?>' + root(name("Café"))
    assert read(tmp_path, content.encode(codec)).rows == [named("Café")[1]]


@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a\r\n", "\n\0", "\x1a" + "\0" * 500])
def test_an_end_mark_does_no_harm(tmp_path: Path, end: str) -> None:
    assert read(tmp_path, root(regel(ONE)) + end).rows == [ROW_1]


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + root(regel(ONE)).encode()).rows == [ROW_1]


def fault(regel: int | None, element: str, problem: str, **more: object) -> dict[str, object]:
    return {"regel": regel, "element": element, "problem": problem, **more}


FIELD = "<Naam>a</Naam>"
STRUCTURE = {
    "unknown element": (root(regel("<Bedrijf><Plaats>x</Plaats></Bedrijf>")), [fault(1, "Plaats", "unknown")]),
    "case counts": (root(regel("<Bedrijf><naam>x</naam></Bedrijf>")), [fault(1, "naam", "unknown")]),
    "unknown block, once for all in it": (
        root(regel(f"<Adres>{FIELD}{FIELD}</Adres>")),
        [fault(1, "Adres", "unknown")],
    ),
    "unknown beside Regel": (root(regel(ONE), "<Kop/>"), [fault(1, "Kop", "unknown")]),
    "unknown before the first Regel": (root("<Kop/>", regel(ONE)), [fault(None, "Kop", "unknown")]),
    "element of the other block": (
        root(regel("<Bedrijf><Achternaam/></Bedrijf>")),
        [fault(1, "Achternaam", "misplaced")],
    ),
    "element twice": (root(regel(f"<Bedrijf>{FIELD}{FIELD}</Bedrijf>")), [fault(1, "Naam", "twice")]),
    "element twice, apart": (
        root(regel(f"<Bedrijf><ExternId/>{FIELD}<ExternId/></Bedrijf>")),
        [fault(1, "ExternId", "twice")],
    ),
    "block twice": (root(regel(ONE, ONE)), [fault(1, "Bedrijf", "twice")]),
    "elements in another order": (
        root(regel(f"<Bedrijf>{FIELD}<ExternId>1</ExternId></Bedrijf>")),
        [fault(1, "ExternId", "misplaced")],
    ),
    "blocks in another order": (root(regel(TWO, ONE)), [fault(1, "Bedrijf", "misplaced")]),
    "field outside a block": (root(regel("<Naam>a</Naam>")), [fault(1, "Naam", "misplaced")]),
    "block within a block": (root(regel("<Bedrijf><Persoon/></Bedrijf>")), [fault(1, "Persoon", "misplaced")]),
    "block outside a Regel": (root(regel(ONE), TWO), [fault(1, "Persoon", "misplaced")]),
    "element within a field": (root(name("a<b>c</b>")), [fault(1, "b", "misplaced")]),
    "Regel within Regel": (root(regel(regel(ONE))), [fault(1, "Regel", "misplaced")]),
    "text in the root": (root("a", regel(ONE)), [fault(None, "Instroom", "text")]),
    "text in a Regel": (root(regel(ONE, "a")), [fault(1, "Regel", "text")]),
    "text in a block": (root(regel(f"<Bedrijf>{FIELD}a</Bedrijf>")), [fault(1, "Bedrijf", "text")]),
    "attribute": (
        root(regel('<Bedrijf><Naam taal="nl">a</Naam></Bedrijf>')),
        [fault(1, "Naam", "attribute", attribute="taal")],
    ),
    "attribute of the root": (
        root(start='<Instroom layout="standard/1" a="b">'),
        [fault(None, "Instroom", "attribute", attribute="a")],
    ),
    "other layout": (
        root(start='<Instroom layout="marker/1">'),
        [fault(None, "Instroom", "layout", found="marker/1", expected="standard/1")],
    ),
    "no layout": (root(start="<Instroom>"), [fault(None, "Instroom", "no-layout", expected="standard/1")]),
    "other root": ("<Import><Regel/></Import>", [fault(None, "Import", "root")]),
    "namespace": (
        root(regel(ONE), start='<Instroom xmlns="urn:a" layout="standard/1">'),
        [fault(None, "Instroom", "namespace", namespace="urn:a")],
    ),
    "namespace by a prefix": (
        root(regel(ONE), start='<a:Instroom xmlns:a="urn:a" layout="standard/1">').replace("</I", "</a:I"),
        [fault(None, "Instroom", "namespace", namespace="urn:a")],
    ),
    "namespace within": (
        root(regel('<a:Bedrijf xmlns:a="urn:a"/>')),
        [fault(1, "Bedrijf", "namespace", namespace="urn:a")],
    ),
    "unknown in a namespace": (root(regel('<a:Adres xmlns:a="urn:a"/>')), [fault(1, "Adres", "unknown")]),
    "several in one go": (
        root(regel("<Bedrijf><x/></Bedrijf>"), regel(ONE), regel("<y/>", TWO, TWO)),
        [fault(1, "x", "unknown"), fault(3, "y", "unknown"), fault(3, "Persoon", "twice")],
    ),
}


@pytest.mark.parametrize(("content", "faults"), STRUCTURE.values(), ids=STRUCTURE.keys())
def test_what_the_xsd_does_not_allow(tmp_path: Path, content: str, faults: list[dict[str, object]]) -> None:
    table = read(tmp_path, content)
    assert found(table) == [("xml-structure", None, facts) for facts in faults]


ONE_GO = {
    "an unknown element elsewhere": (root(regel(ONE), regel("<Bedrijf><Plaats/></Bedrijf>"), regel(TWO)), [1, 3]),
    "the Regel of a block twice": (root(regel(ONE, ONE), regel(TWO)), [2]),
    "a Regel with an attribute": (root("<Regel id='a'>" + ONE + "</Regel>", regel(TWO)), [1, 2]),
    "loose text": (root("a", regel(ONE, "b")), [1]),
    "a Regel with nothing but a fault": (root(regel("a"), regel(TWO)), [2]),
    "no layout": (root(regel(ONE), start="<Instroom>"), [1]),
    "another layout": (root(regel(ONE), start='<Instroom layout="marker/1">'), []),
    "a person outside a Regel": (root(regel(ONE), TWO), []),
    "cut off": (root(regel(ONE), regel("<Adres/>"))[:-1], []),
}


@pytest.mark.parametrize(("content", "places"), ONE_GO.values(), ids=ONE_GO.keys())
def test_what_is_sound_beside_a_fault_stays_to_be_checked(tmp_path: Path, content: str, places: list[int]) -> None:
    """All faults are told in one go (product.md C1)."""
    table = read(tmp_path, content)
    assert table.findings
    assert table.places == places
    assert table.records == content.count("<Regel")


def test_as_many_faults_as_a_file_may_have_records_end_the_reading(tmp_path: Path) -> None:
    table = read(tmp_path, root(*["<x/>"] * 50), Limits(records=20))
    assert len(table.findings) == 20
    assert table.rows == []


WHOLE = root(regel(ONE))
DAMAGED = {
    "cut off": (WHOLE[:-5], "cut-off"),
    "cut off in CDATA": (WHOLE[: WHOLE.index("1</")] + "<![CDATA[a", "cut-off"),
    "only a declaration": ('<?xml version="1.0"?>', "cut-off"),
    "something after the end": (WHOLE + "<Instroom/>", "not-well-formed"),
    "crossed elements": (root("<Regel><Bedrijf></Regel></Bedrijf>"), "not-well-formed"),
    "an ampersand alone": (root(name("a & b")), "not-well-formed"),
    "an entity that nobody declared": (root(name("&euro;")), "not-well-formed"),
    "a control character": (root(name("a\1b")), "not-well-formed"),
    "a zero byte": (root(name("a\0b")), "not-well-formed"),
    "a control character as a number": (root(name("&#0;")), "not-well-formed"),
    "a prefix that nobody declared": (root("<a:Regel/>"), "not-well-formed"),
    "windows-1252 that says nothing": (root(name("Café")).encode("cp1252"), "encoding"),
    "windows-1252 that says UTF-8": (
        b'<?xml version="1.0" encoding="UTF-8"?>' + root(name("é")).encode("cp1252"),
        "encoding",
    ),
    "an encoding that nobody has": ('<?xml version="1.0" encoding="x-eigen"?>' + WHOLE, "encoding"),
    "an encoding that is none": ('<?xml version="1.0" encoding="rot13"?>' + WHOLE, "encoding"),
}


@pytest.mark.parametrize(("content", "problem"), DAMAGED.values(), ids=DAMAGED.keys())
def test_damage(tmp_path: Path, content: str | bytes, problem: str) -> None:
    table = read(tmp_path, content)
    assert [(finding.code, finding.facts["problem"]) for finding in table.findings] == [("file-damaged", problem)]
    assert table.rows == []


def test_damage_says_the_place(tmp_path: Path) -> None:
    """One line may hold the whole file, and blank lines above count too."""
    table = read(tmp_path, "\n" + root(regel(ONE), "\n\n  & "))
    facts = {"problem": "not-well-formed", "detail": "ampersand", "line": 4, "character": 4, "regel": 1}
    assert found(table) == [("file-damaged", None, facts)]


NOT_WELL_FORMED = {
    "a bare ampersand": (name("a & b"), {"detail": "ampersand"}),
    "an ampersand against letters": (name("R&D"), {"detail": "ampersand"}),
    "an ampersand at the end": (name("a &"), {"detail": "ampersand"}),
    "an entity without its semicolon": (name("a &amp b"), {"detail": "ampersand"}),
    "an entity of HTML": (name("M&uuml;ller"), {"detail": "entity", "entity": "&uuml;", "instead": "&#252;"}),
    "a space of HTML": (name("a&nbsp;b"), {"detail": "entity", "entity": "&nbsp;", "instead": "&#160;"}),
    "an entity of HTML behind one of XML": (
        name("&amp; &euro;"),
        {"detail": "entity", "entity": "&euro;", "instead": "&#8364;"},
    ),
    "an entity of nobody": (name("&eigen;"), {"detail": "entity", "entity": "&eigen;", "instead": None}),
    "an entity in an attribute": (
        '<Regel id="&eacute;"/>',
        {"detail": "entity", "entity": "&eacute;", "instead": "&#233;"},
    ),
    "a bare less-than sign": (name("a < b"), {"detail": "less-than"}),
    "a less-than sign against a digit": (name("<5"), {"detail": "less-than"}),
    "a tag that is not closed": ("<Regel><Bedrijf</Regel>", {"detail": "less-than"}),
    "a control character": (name("a\x0bb"), {"detail": "control", "codepoint": "U+000B"}),
    "what is no character": (name("a\uffffb"), {"detail": "control", "codepoint": "U+FFFF"}),
    "a control character by its number": (name("&#x1;"), {"detail": "character-number", "found": "&#x1;"}),
    "crossed elements": (
        "<Regel><Bedrijf></Regel></Bedrijf>",
        {"detail": "mismatch", "element": "Regel", "expected": "Bedrijf"},
    ),
    "an end tag in other letters": (
        name("a").replace("</Naam>", "</naam>"),
        {"detail": "mismatch", "element": "naam", "expected": "Naam"},
    ),
    "an attribute twice": ('<Regel id="1" id="2"/>', {"detail": "attribute-twice"}),
    "an attribute without quotes": ("<Regel id=1/>", {"detail": "attribute-quotes"}),
    "a prefix of nobody": ("<a:Regel/>", {"detail": "prefix", "element": "a:Regel"}),
}


@pytest.mark.parametrize(("inside", "facts"), NOT_WELL_FORMED.values(), ids=NOT_WELL_FORMED.keys())
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_what_is_not_well_formed_has_its_cause(
    tmp_path: Path, inside: str, facts: dict[str, object], codec: str
) -> None:
    table = read(tmp_path, root(inside).encode(codec))
    (_, _, told), *others = found(table)
    assert others == []
    assert told["problem"] == "not-well-formed"
    assert {key: told.get(key) for key in facts} == facts
    assert told["line"] == 1 and told["character"] > len('<Instroom layout="standard/1">')  # type: ignore[operator]


OUTSIDE = {
    "two files joined": (root(regel(ONE)) + '\n<?xml version="1.0"?>' + root(regel(TWO)), "joined", 2),
    "two roots": (root(regel(ONE)) + root(regel(TWO)), "joined", 1),
    "text behind the end": (root(regel(ONE)) + "\nKlaar", "after-end", 2),
    "text before the beginning": ("<!-- a -->\nHier: " + root(), "before-root", 2),
    "a comment before the declaration": ('<!-- a --><?xml version="1.0"?>' + root(), "declaration-place", 1),
    "a declaration that is none": ('<?xml version="1.0" standalone="ja"?>' + root(), "declaration", 1),
}


@pytest.mark.parametrize(("content", "detail", "line"), OUTSIDE.values(), ids=OUTSIDE.keys())
def test_what_stands_around_the_document(tmp_path: Path, content: str, detail: str, line: int) -> None:
    facts = found(read(tmp_path, content))[-1][2]
    assert (facts["problem"], facts["detail"], facts["line"]) == ("not-well-formed", detail, line)


DECLARED = '<?xml version="1.0" encoding="{}"?>'
CAFE = root(name("Café"))
WRONG_ENCODINGS: dict[str, tuple[bytes, dict[str, object]]] = {
    "says UTF-16, is UTF-8": (
        (DECLARED.format("utf-16") + CAFE).encode(),
        {"detail": "differs", "declared": "utf-16", "found": "UTF-8"},
    ),
    "says UTF-16, is ASCII": (
        (DECLARED.format("UTF-16") + WHOLE).encode(),
        {"detail": "differs", "declared": "UTF-16", "found": "UTF-8"},
    ),
    "says UTF-16, is windows-1252": (
        (DECLARED.format("unicode") + CAFE).encode("cp1252"),
        {"detail": "differs", "declared": "unicode", "found": "windows-1252"},
    ),
    "says UTF-8, is UTF-16": (
        (DECLARED.format("utf-8") + CAFE).encode("utf-16"),
        {"detail": "differs", "declared": "utf-8", "found": "UTF-16"},
    ),
    "says latin1, is UTF-8": (
        (DECLARED.format("latin1") + CAFE).encode(),
        {"detail": "differs", "declared": "latin1", "found": "UTF-8"},
    ),
    "says windows-1252, and has the mark of UTF-8": (
        (DECLARED.format("windows-1252") + WHOLE).encode("utf-8-sig"),
        {"detail": "differs", "declared": "windows-1252", "found": "UTF-8"},
    ),
    "says what nobody knows": (
        (DECLARED.format("rot13") + WHOLE).encode(),
        {"detail": "unknown", "declared": "rot13"},
    ),
    "says UTF-8, is windows-1252": (
        (DECLARED.format("UTF8") + CAFE).encode("cp1252"),
        {"declared": "UTF8", "looks_like": "windows-1252", "line": 1, "regel": 1},
    ),
    "says nothing, is windows-1252": (
        CAFE.encode("cp1252"),
        {"declared": None, "looks_like": "windows-1252", "regel": 1},
    ),
    "says ascii, is UTF-8": (
        (DECLARED.format("ascii") + CAFE).encode(),
        {"declared": "ascii", "looks_like": "utf-8", "regel": 1},
    ),
}


@pytest.mark.parametrize(("content", "facts"), WRONG_ENCODINGS.values(), ids=WRONG_ENCODINGS.keys())
def test_an_encoding_that_is_not_what_the_file_says(tmp_path: Path, content: bytes, facts: dict[str, object]) -> None:
    (code, _, told), *others = found(read(tmp_path, content))
    assert (code, told["problem"], others) == ("file-damaged", "encoding", [])
    assert {key: told.get(key) for key in facts} == facts
    assert facts.keys() - {"regel"} <= told.keys()


UNSAFE = {
    "a document type": ("<!DOCTYPE Instroom>" + WHOLE, "entities"),
    "a document type elsewhere": ('<!DOCTYPE Instroom SYSTEM "https://voorbeeld.example/a.dtd">' + WHOLE, "entities"),
    "an entity": ('<!DOCTYPE Instroom [<!ENTITY a "b">]>' + WHOLE, "entities"),
    "too deep": (root("<Regel>" * 50), "depth"),
}


@pytest.mark.parametrize(("content", "problem"), UNSAFE.values(), ids=UNSAFE.keys())
def test_what_is_not_safe(tmp_path: Path, content: str, problem: str) -> None:
    codes = [(finding.code, finding.facts["problem"]) for finding in read(tmp_path, content).findings]
    assert codes == [("file-unsafe", problem)]


def test_depth_is_allowed_up_to_its_limit(tmp_path: Path) -> None:
    deep = root(regel("<Adres>" + "<a>" * 5 + "</a>" * 5 + "</Adres>"))
    assert [finding.code for finding in read(tmp_path, deep, Limits(xml_depth=8)).findings] == ["xml-structure"]
    assert [finding.code for finding in read(tmp_path, deep, Limits(xml_depth=7)).findings][-1] == "file-unsafe"


def test_a_cell_beyond_the_limit_keeps_enough_to_be_found_too_long(tmp_path: Path) -> None:
    content = root(name("a" * 300_000), name("<![CDATA[b]]>" * 300_000))
    table = read(tmp_path, content, Limits(cell_characters=10))
    assert [row[2] for row in table.rows] == ["a" * 11, "b" * 11]


TOO_MANY = {"one too many": (4, 4, False), "five times as many and more": (99, 15, True)}


@pytest.mark.parametrize(("regels", "records", "at_least"), TOO_MANY.values(), ids=TOO_MANY.keys())
def test_too_many_records_are_counted(tmp_path: Path, regels: int, records: int, at_least: bool) -> None:
    table = read(tmp_path, root(*[regel(ONE)] * regels), Limits(records=3))
    facts = {"records": records, "limit": 3, "files": -(-records // 3), "at_least": at_least}
    assert found(table) == [("rows-too-many", None, facts)]
    assert (table.rows, table.places) == ([], [])


def test_a_layout_with_repeated_headers(tmp_path: Path) -> None:
    """Each block has its own elements, and a marker column has none."""
    layout = load(Path(__file__).parents[2] / "deliveries" / "marker-layout" / "marker.v1.toml")
    company, person = layout.company.extern_id, layout.person.extern_id
    path = tmp_path / "levering.xml"
    fields = [f"<{column.header}>{value}</{column.header}>" for column, value in ((company, 1), (person, 2))]
    blocks = f"<Bedrijf>{fields[0]}</Bedrijf><Persoon>{fields[1]}</Persoon>"
    path.write_text(f'<Instroom layout="{layout.id}"><Regel>{blocks}</Regel></Instroom>', encoding="utf-8")
    table = read_xml(path, layout, Limits())
    assert table.findings == []
    assert {index: cell for index, cell in enumerate(table.rows[0]) if cell} == {company.index: "1", person.index: "2"}
