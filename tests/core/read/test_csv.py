"""CSV (product.md A2, A4): what becomes of the text, on which row, and what is found."""

import csv
from pathlib import Path

import pytest
from tests.core.hostile.small_layout import HEADER_LINE, HEADERS, small_layout

from instroom.core.model import Limits, Table
from instroom.core.read import from_csv
from instroom.core.read.from_csv import read_csv

ONE = "1;HR;Een BV;;;"
TWO = "2;HR;Twee BV;;;"
ROW_1 = ["1", "HR", "Een BV", "", "", ""]
ROW_2 = ["2", "HR", "Twee BV", "", "", ""]

Found = list[tuple[str, int | None, dict[str, object]]]


def read(tmp_path: Path, content: str | bytes, limits: Limits | None = None) -> Table:
    path = tmp_path / "levering.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_csv(path, small_layout(), limits or Limits())


def found(table: Table) -> Found:
    return [(finding.code, finding.row, dict(finding.facts)) for finding in table.findings]


def blank(first: int, last: int) -> tuple[str, int, dict[str, object]]:
    return "row-blank", first, {"last_row": last, "count": last - first + 1}


def quote(row: int, problem: str) -> tuple[str, None, dict[str, object]]:
    return "csv-quote", None, {"start_row": row, "problem": problem}


def lines(*rows: str, end: str = "\n") -> str:
    return "".join(row + end for row in (HEADER_LINE, *rows))


READ = {
    "plain": (lines(ONE, TWO), {2: ROW_1, 3: ROW_2}, []),
    "no line end at the end": (lines(ONE, TWO)[:-1], {2: ROW_1, 3: ROW_2}, []),
    "CRLF": (lines(ONE, TWO, end="\r\n"), {2: ROW_1, 3: ROW_2}, []),
    "CR alone": (lines(ONE, TWO, end="\r"), {2: ROW_1, 3: ROW_2}, []),
    "line ends mixed": (f"{HEADER_LINE}\r{ONE}\r\n{TWO}\n", {2: ROW_1, 3: ROW_2}, []),
    "a byte order mark": ("\ufeff" + lines(ONE), {2: ROW_1}, []),
    "a quoted semicolon": (lines('1;HR;"Een; BV";;;'), {2: ["1", "HR", "Een; BV", "", "", ""]}, []),
    "a doubled quote": (lines('1;HR;"Café ""Zon""";;;'), {2: ["1", "HR", 'Café "Zon"', "", "", ""]}, []),
    "a quote inside an unquoted cell": (lines('1;HR;Café "Zon";;;'), {2: ["1", "HR", 'Café "Zon"', "", "", ""]}, []),
    "a blank quoted cell": (lines('1;HR;"";"";;'), {2: ["1", "HR", "", "", "", ""]}, []),
    "line breaks inside quotes": (
        lines('1;HR;"a\nb\r\nc\rd";;;', TWO),
        {2: ["1", "HR", "a\nb\r\nc\rd", "", "", ""], 3: ROW_2},
        [],
    ),
    "a blank line inside quotes": (
        lines('1;HR;"a\n\nb";;;', TWO),
        {2: ["1", "HR", "a\n\nb", "", "", ""], 3: ROW_2},
        [],
    ),
    "separators of lines that are none": (
        lines("1;HR;a\u2028b\u2029c\u0085d\x0be\x0cf\x1cg\x1eh;;;", TWO),
        {2: ["1", "HR", "a\u2028b\u2029c\u0085d\x0be\x0cf\x1cg\x1eh", "", "", ""], 3: ROW_2},
        [],
    ),
    "a zero byte": (lines("1;HR;a\0b;;;"), {2: ["1", "HR", "a\0b", "", "", ""]}, []),
    "spaces stay": (lines(" 1 ;HR\t;;;;"), {2: [" 1 ", "HR\t", "", "", "", ""]}, []),
    "text that looks like a formula": (lines("=1+1;HR;@a;;;"), {2: ["=1+1", "HR", "@a", "", "", ""]}, []),
    "a blank line between": (lines(ONE, "", TWO), {2: ROW_1, 4: ROW_2}, [blank(3, 3)]),
    "blank lines and rows between": (lines(ONE, "", ";;;;;", "", TWO), {2: ROW_1, 6: ROW_2}, [blank(3, 5)]),
    "a row of spaces": (lines(" ;;\u00a0;;;", ONE), {3: ROW_1}, [blank(2, 2)]),
    "a blank row of another width": (lines(";;", ONE), {3: ROW_1}, [blank(2, 2)]),
    "two runs of blanks": (lines("", ONE, "", "", TWO), {3: ROW_1, 6: ROW_2}, [blank(2, 2), blank(4, 5)]),
    "blank lines at the end": (lines(ONE, "", "", ""), {2: ROW_1}, []),
    "blank rows at the end": (lines(ONE, ";;;;;", "", ";;;;;", "", ""), {2: ROW_1}, [blank(3, 5)]),
    "no record": (lines(), {}, []),
    "a cell too many": (
        lines(ONE + ";x;y", TWO),
        {3: ROW_2},
        [("row-cell-count", 2, {"found": 8, "expected": 6, "cell": "G2", "text": "x"})],
    ),
    "text after a closing quote, twice": (
        lines(ONE, '1;HR;"a"b;;;', "", TWO, '"x" y;;;;;'),
        {2: ROW_1, 5: ROW_2},
        [quote(3, "text-after"), blank(4, 4), quote(6, "text-after")],
    ),
    "text after a closing quote, and a faulty row below it": (
        lines('1;HR;"a"b;;;', ONE + ";x"),
        {},
        [quote(2, "text-after"), ("row-cell-count", 3, {"found": 7, "expected": 6, "cell": "G3", "text": "x"})],
    ),
    "text after a closing quote in the header": (
        lines(ONE).replace("Bedrijf", '"Bedrijf"', 1),
        {},
        [quote(1, "text-after")],
    ),
    "backslashes before quotes": (
        lines(ONE, '1;HR;"De \\"Test\\"";;;'),
        {2: ROW_1},
        [quote(3, "backslash")],
    ),
    "an open quote": (lines(ONE, '2;HR;"Twee;;;', ONE), {}, [quote(3, "unclosed")]),
    "an open quote that the next quote seems to close": (
        lines('1;HR;"Een;;;', '2;HR;"Twee";;;'),
        {},
        [quote(2, "unclosed")],
    ),
    "an open quote at the very end": (lines(ONE) + '"', {}, [quote(3, "unclosed")]),
    "an open quote in the header": (f'"{HEADER_LINE}\n{ONE}\n', {}, [quote(1, "unclosed")]),
}


@pytest.mark.parametrize(("content", "rows", "findings"), READ.values(), ids=READ.keys())
def test_reading(tmp_path: Path, content: str, rows: dict[int, list[str]], findings: Found) -> None:
    table = read(tmp_path, content)
    assert dict(zip(table.places, table.rows, strict=True)) == rows
    assert found(table) == findings


def test_rows_that_cannot_be_used_are_records_too(tmp_path: Path) -> None:
    assert read(tmp_path, lines(ONE, "1;2", "", TWO)).records == 3


HEADER_ROWS = {
    "the layout's": (HEADER_LINE, list(HEADERS)),
    "one renamed": (HEADER_LINE.replace("BedrijfNaam", "Naam"), [*HEADERS[:2], "Naam", *HEADERS[3:]]),
    "one too many": (HEADER_LINE + ";Extra", [*HEADERS, "Extra"]),
    "blank ones too many": (HEADER_LINE + "; ;", list(HEADERS)),
    "blank ones too many, below a renamed one": ("Nr" + HEADER_LINE[len(HEADERS[0]) :] + ";", ["Nr", *HEADERS[1:]]),
    "quoted, with spaces": ('" BedrijfExternId";b', [" BedrijfExternId", "b"]),
    "a title gets the width of the layout": ("Personeel", ["Personeel", "", "", "", "", ""]),
    "an empty line too": ("", [""] * 6),
}


@pytest.mark.parametrize(("header", "headers"), HEADER_ROWS.values(), ids=HEADER_ROWS.keys())
def test_headers_are_row_1_as_it_is(tmp_path: Path, header: str, headers: list[str]) -> None:
    assert read(tmp_path, f"{header}\n{';'.join('x' * len(headers))}\n").headers == headers


DELIMITERS = {
    "comma": (HEADER_LINE.replace(";", ","), "comma"),
    "tab": (HEADER_LINE.replace(";", "\t"), "tab"),
    "pipe": (HEADER_LINE.replace(";", "|"), "pipe"),
    "caret": (HEADER_LINE.replace(";", "^"), "caret"),
    "comma, quoted": ('"' + HEADER_LINE.replace(";", '","') + '"', "comma"),
    "comma, after a byte order mark": ("\ufeff" + HEADER_LINE.replace(";", ","), "comma"),
    "comma, unknown headers": ("a,b,c,d,e,f", "comma"),
    "announced": ("sep=,", "comma"),
    "announced, quoted": ('"sep=\t"', "tab"),
    "announced, something else": ("sep=§", "§"),
}


@pytest.mark.parametrize(("header", "name"), DELIMITERS.values(), ids=DELIMITERS.keys())
def test_another_delimiter_is_named(tmp_path: Path, header: str, name: str) -> None:
    table = read(tmp_path, f"{header}\n{ONE}\n")
    assert found(table) == [("csv-delimiter", None, {"found": name})]
    assert table.rows == []


@pytest.mark.parametrize("title", ["Personeel, september", "a|b", "naam\tplaats"])
def test_a_title_with_a_comma_in_it_is_no_delimiter(tmp_path: Path, title: str) -> None:
    assert read(tmp_path, f"{title}\n{HEADER_LINE}\n{ONE}\n").findings == []


ENCODINGS = {
    "windows-1252": ("cp1252", "2;HR;Café Hélène;;;"),
    "windows-1252, an apostrophe": ("cp1252", "2;HR;’t Hof;;;"),
    "mac-roman": ("mac_roman", "2;HR;Café Hélène;;;"),
    "dos-850": ("cp850", "2;HR;Café Hélène;;;"),
}


@pytest.mark.parametrize("case", ENCODINGS)
def test_another_encoding_is_guessed_and_placed(tmp_path: Path, case: str) -> None:
    codec, faulty = ENCODINGS[case]
    content = lines(ONE, "", '1;HR;"a\nb";;;').encode() + (faulty + "\n").encode(codec) * 2
    expected = {"looks_like": case.partition(",")[0], "first_row": 5}
    assert found(read(tmp_path, content)) == [blank(3, 3), ("csv-encoding", None, expected)]


def test_other_faults_are_found_beside_the_encoding(tmp_path: Path) -> None:
    content = lines("1;HR;Café;;;", '"x"y;;;;;').encode("cp1252")
    assert [code for code, _, _ in found(read(tmp_path, content))] == ["csv-quote", "csv-encoding"]


def test_surrogates_are_not_utf_8(tmp_path: Path) -> None:
    table = read(tmp_path, lines(ONE).encode() + b"\xed\xa0\x80;;;;;\n")
    assert [(code, facts["first_row"]) for code, _, facts in found(table)] == [("csv-encoding", 3)]


def test_half_a_character_at_the_end_means_cut_off(tmp_path: Path) -> None:
    whole = lines("1;HR;Café;;;", "2;HR;Hélène").strip().encode()
    cut = whole[: whole.rindex("è".encode()) + 1]
    assert found(read(tmp_path, cut))[-1] == ("file-damaged", None, {"problem": "cut-off"})


def test_a_cell_beyond_the_limit_keeps_enough_to_be_found_too_long(tmp_path: Path) -> None:
    limits = Limits(cell_characters=10)
    table = read(tmp_path, lines(f"1;HR;{'a' * 50};;;", ONE), limits)
    assert table.rows == [["1", "HR", "a" * 11, "", "", ""], ROW_1]


OVER_CSV_LIMIT = csv.field_size_limit() + 1
LONG_CELLS = {
    "unquoted": f"1;HR;{'a' * OVER_CSV_LIMIT};;;",
    "quoted": f'1;HR;"{"a;" * OVER_CSV_LIMIT}";;"";',
    "with doubled quotes": f'"1";HR;"{chr(34) * 2 * OVER_CSV_LIMIT}";;;',
}


@pytest.mark.parametrize("row", LONG_CELLS.values(), ids=LONG_CELLS.keys())
def test_a_cell_that_the_csv_module_refuses_is_cut_too(tmp_path: Path, row: str) -> None:
    limits = Limits(columns=10 * OVER_CSV_LIMIT)
    table = read(tmp_path, lines(row, ONE), limits)
    assert [len(cells[2]) for cells in table.rows] == [limits.cell_characters + 1, len("Een BV")]
    assert [len(cells) for cells in table.rows] == [6, 6]
    assert table.findings == []


def test_reading_leaves_the_csv_modules_limit_alone(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    read(tmp_path, lines(LONG_CELLS["unquoted"]))
    assert csv.field_size_limit() == before


TOO_MANY = {"one too many": (4, 2), "three times as many": (9, 3)}


@pytest.mark.parametrize(("records", "files"), TOO_MANY.values(), ids=TOO_MANY.keys())
def test_too_many_records_are_counted(tmp_path: Path, records: int, files: int) -> None:
    table = read(tmp_path, lines(*[ONE, ""] * records), Limits(records=3))
    facts = {"records": records, "limit": 3, "files": files, "at_least": False}
    assert found(table) == [("rows-too-many", None, facts)]
    assert (table.rows, table.places, table.records) == ([], [], records)


def test_of_too_many_records_it_is_not_said_what_is_wrong_with_each(tmp_path: Path) -> None:
    table = read(tmp_path, lines(*["x"] * 99), Limits(records=3))
    assert [finding.code for finding in table.findings] == ["rows-too-many"]
    assert table.wrong_width_rows == {}


def test_as_many_records_as_may_be(tmp_path: Path) -> None:
    table = read(tmp_path, lines(ONE, "", TWO, ONE), Limits(records=3))
    assert [finding.code for finding in table.findings] == ["row-blank"]
    assert table.places == [2, 4, 5]


def test_nobody_reads_on_for_the_blank_rows_at_the_end(tmp_path: Path) -> None:
    table = read(tmp_path, lines(ONE, *[";;;;;", ""] * 100), Limits(records=2))
    assert [finding.code for finding in table.findings] == ["row-blank"]
    assert table.places == [2]


def test_rows_of_endlessly_many_cells_are_not_read_to_their_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(from_csv, "_CELLS", 100)
    table = read(tmp_path, lines(ONE, *[";" * 49 + "x"] * 9))
    assert [code for code, _, _ in found(table)] == ["row-cell-count"] * 2 + ["file-unsafe"]
    assert (table.rows, table.records) == ([], 3)


def test_a_record_far_below_blank_rows_is_not_waited_for(tmp_path: Path) -> None:
    table = read(tmp_path, lines(ONE, *[""] * 100, TWO), Limits(records=2))
    assert found(table)[-1] == ("file-unsafe", None, {"problem": "rows"})
    assert table.rows == []
