"""What programs do to a CSV file without harm (product.md A2) is read; what looks like it and does harm is found."""

from pathlib import Path

import pytest
from tests.core.hostile.small_layout import HEADER_LINE, HEADERS
from tests.core.read.test_csv import ONE, ROW_1, ROW_2, TWO, Found, found, lines, read

from instroom.core.layout.standard import standard
from instroom.core.pipeline import check_file
from instroom.core.report.marks import Marks

BOM = "\ufeff"
WHOLE = lines(ONE, TWO)
SHORT: Found = [("row-short", 2, {"count": 1, "last_row": 2})]
BOTH_SHORT: Found = [("row-short", 2, {"count": 2, "last_row": 3})]
HARMLESS: dict[str, tuple[str, int, Found]] = {
    "a blank cell too many on the records": (lines(ONE + ";", TWO + ";"), 2, []),
    "blank cells too many on one record": (lines(ONE + ";; ;", TWO), 2, []),
    "blank cells too many everywhere": (lines(ONE + ";;", TWO + ";;").replace(HEADER_LINE, HEADER_LINE + ";;"), 2, []),
    "blank cells too many below the header alone": (WHOLE.replace(HEADER_LINE, HEADER_LINE + ";"), 2, []),
    "a blank cell left out": (lines(ONE[:-1], TWO), 2, SHORT),
    "all blank cells left out": (lines("1;HR;Een BV", "2;HR;Twee BV"), 2, BOTH_SHORT),
    "a byte order mark twice": (BOM + BOM + WHOLE, 2, []),
    "a byte order mark that was read as Windows-1252": ("\u00ef\u00bb\u00bf" + WHOLE, 2, []),
    "a byte order mark before a record": (lines(ONE, BOM + TWO), 2, []),
    "a byte order mark before a quote": (lines(ONE, BOM + TWO.replace("2", '"2"', 1)), 2, []),
    "a byte order mark on a line of its own at the end": (WHOLE + BOM, 2, []),
    "a Ctrl-Z on a line of its own": (WHOLE + "\x1a", 2, []),
    "a Ctrl-Z and a line end": (WHOLE + "\x1a\r\n", 2, []),
    "a Ctrl-Z behind the last record": (WHOLE[:-1] + "\x1a", 2, []),
    "a Ctrl-Z behind a short record": (lines("1;HR;Een BV", "2;HR;Twee BV")[:-1] + "\x1a", 2, BOTH_SHORT),
    "a Ctrl-Z and zeros up to the end of a block": (WHOLE + "\x1a" + "\0" * 300, 2, []),
    "a block of Ctrl-Z": (WHOLE + "\x1a" * 127, 2, []),
    "the zero byte that ends a text": (WHOLE + "\0", 2, []),
    "semicolons announced": ("sep=;\n" + WHOLE, 2, []),
    "semicolons announced, with a byte order mark": (BOM + '"sep=;"\r\n' + BOM + WHOLE, 2, []),
    "semicolons announced over all columns": ("SEP=;" + ";" * 5 + "\n" + WHOLE, 2, []),
    "another separator announced, and semicolons used": ("sep=,\n" + WHOLE, 2, []),
    "the type of PowerShell's objects": ("#TYPE System.Management.Automation.PSCustomObject\r\n" + WHOLE, 3, []),
    "the type over all columns": (BOM + "#TYPE Selected.System.Data.DataRow;;;;;\r\n" + WHOLE, 3, []),
    "CR CR LF": (lines(ONE, TWO, end="\r\r\n"), 2, []),
    "spaces around quotes": (lines('1; "HR" ; "Een BV";;;', '"2" ;HR;\t"Twee BV"\t;;;'), 2, []),
    "spaces around quotes with a semicolon between": (lines('1;HR; "Een BV";;; "" ', TWO), 2, []),
}  # fmt: skip


@pytest.mark.parametrize(("content", "first", "findings"), HARMLESS.values(), ids=HARMLESS.keys())
def test_harmless(tmp_path: Path, content: str, first: int, findings: Found) -> None:
    table = read(tmp_path, content)
    assert table.headers == list(HEADERS)
    assert table.rows == [ROW_1, ROW_2]
    assert table.places == [first, first + 1]
    assert found(table) == findings


def test_a_semicolon_between_quotes_behind_a_space(tmp_path: Path) -> None:
    table = read(tmp_path, lines('1;HR; "Een; ""BV""" ;;;'))
    assert table.rows == [["1", "HR", 'Een; "BV"', "", "", ""]]


def test_cr_cr_lf_within_quotes_stays(tmp_path: Path) -> None:
    assert read(tmp_path, lines('1;HR;"a\r\r\nb";;;', end="\r\r\n")).rows == [["1", "HR", "a\r\r\nb", "", "", ""]]


CUT_OFF = {
    "within a record": "2;HR;Tw",
    "within a record without values so far": ";;",
    "within a record below short ones": "2;H",
}


@pytest.mark.parametrize("case", CUT_OFF)
def test_a_file_that_ends_within_a_row_may_be_cut_off(tmp_path: Path, case: str) -> None:
    """Nobody knows what the missing cells held."""
    table = read(tmp_path, lines("1;HR;Een BV" if "short" in case else ONE) + CUT_OFF[case])
    facts = {"found": CUT_OFF[case].count(";") + 1, "expected": 6, "problem": "cut-off"}
    assert ("row-cell-count", 3, facts) in found(table)
    assert table.places == [2]


def test_rows_that_are_all_as_short_as_the_last_are_not_cut_off(tmp_path: Path) -> None:
    table = read(tmp_path, lines("1;HR;Een BV", "2;HR;Twee BV")[:-1])
    assert table.rows == [ROW_1, ROW_2]


@pytest.mark.parametrize("end", ["\0\0", "\0" * 5000, "\r\n\0\0", "\0\n\0"])
def test_zero_bytes_at_the_end_were_never_written(tmp_path: Path, end: str) -> None:
    """A program reserves the room, and is broken off before it has written it all."""
    facts = {"problem": "zero-bytes", "count": end.count("\0"), "row": 3}
    table = read(tmp_path, WHOLE + end)
    assert table.rows == []
    assert [(code, {**more, "row": 3}) for code, _, more in found(table)] == [("file-damaged", facts)]


QUOTES = {
    "around whole lines": ("".join(f'"{line}"\n' for line in WHOLE.splitlines()), 1, "whole-lines"),
    "around whole lines, with quotes within": (
        f'"{HEADER_LINE}"\n"1;HR;""Een BV"";;;"\n',
        1,
        "whole-lines",
    ),
    "around whole lines, and blank cells behind": (f'{BOM}"{HEADER_LINE}";;;\n"{ONE}";;;\n', 1, "whole-lines"),
    "single ones": ("".join("'" + line.replace(";", "';'") + "'\n" for line in WHOLE.splitlines()), 1, "single"),
    "around one record": (lines(ONE, f'"{TWO}"'), 3, "whole-lines"),
    "behind a space, and not closed": (lines(ONE, '2;HR; "Twee BV;;;'), 3, "space-before"),
    "behind a space, over two lines": (lines(ONE, '2;HR; "Twee', 'BV";;;'), 3, "space-before"),
    "behind a space, with text after": (lines(ONE, '2;HR; "Twee" BV;;;'), 3, "space-before"),
}


def test_line_ends_of_mainframes_are_named(tmp_path: Path) -> None:
    for end in ("\x85", "\u2028"):
        assert found(read(tmp_path, lines(ONE, TWO, end=end))) == [("file-damaged", None, {"problem": "line-ends"})]


@pytest.mark.parametrize(("content", "row", "problem"), QUOTES.values(), ids=QUOTES.keys())
def test_quotes_that_leave_no_cells(tmp_path: Path, content: str, row: int, problem: str) -> None:
    table = read(tmp_path, content)
    assert ("csv-quote", None, {"start_row": row, "problem": problem}) in found(table)
    assert {code for code, _, _ in found(table)} <= {"csv-quote", "row-short", "row-cell-count"}


STANDARD = standard()
PERSON = {
    "BedrijfExternId": "B1",
    "BedrijfExternSource": "CRM",
    "BedrijfNaam": "Bouw en sloop BV",
    "BedrijfPostStraat": "Proefkade",
    "BedrijfPostHuisnummer": "48",
    "BedrijfPostPostcode": "1234 AB",
    "BedrijfPostPlaats": "Voorbeeldstad",
    "PersoonExternId": "P1",
    "PersoonExternSource": "HR",
    "PersoonAchternaam": "Jansen",
    "PersoonGeslacht": "V",
    "PersoonGeboortedatum": "07-03-1988",
    "PersoonEmailWerk": "p1@voorbeeld.example",
    "PersoonFunctie": "Hoofd",
}


def _record(number: int, **more: str) -> list[str]:
    cells = {**PERSON, "PersoonExternId": f"P{number}", **more}
    return [cells.get(column.label, "") for column in STANDARD.columns]


def _checked(tmp_path: Path, rows: list[str]) -> list[tuple[str, int | None, object]]:
    path = tmp_path / "levering.csv"
    path.write_text("".join(row + "\n" for row in (";".join(STANDARD.headers), *rows)), encoding="utf-8")
    checked, _ = check_file(path, STANDARD)
    return [(one.code, one.row, one.facts.get("problem")) for one in checked.findings]


MANY = [";".join(_record(number)) for number in range(1, 6)]
BROKEN = {
    "a lone CR where lines end with LF": "Hoofd\rtechniek",
    "a line end of its own": "Hoofd\ntechniek",
    "CR CR LF": "Hoofd\r\r\ntechniek",
    "two of them": "Hoofd\rtechniek\rnoord",
}


@pytest.mark.parametrize("value", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("column", ["PersoonFunctie", "PersoonExternId", "PersoonVrijveldData5"])
def test_a_line_end_in_a_value_without_quotes(tmp_path: Path, value: str, column: str) -> None:
    """Each half would pass for a record with blank cells at its end."""
    found = _checked(tmp_path, [*MANY, ";".join(_record(6, **{column: value})), *MANY[:1]])
    rows = range(7, 7 + len(value.split()))
    told = [one for one in found if one[0] != "person-repeated"]
    assert told == [("row-cell-count", row, "line-break") for row in rows]


def test_a_note_below_the_last_record_is_no_rest_of_it(tmp_path: Path) -> None:
    found = _checked(tmp_path, [*MANY, "Einde bestand"])
    assert "line-break" not in {problem for _, _, problem in found}


@pytest.mark.parametrize(("above", "row"), [("", 1), ("sep=;\n", 1), ("#TYPE a.b\n", 2), ("sep=;\n#TYPE a.b\n", 2)])
def test_findings_of_the_header_stand_where_it_stands(tmp_path: Path, above: str, row: int) -> None:
    path = tmp_path / "levering.csv"
    path.write_text(above + ";".join(STANDARD.headers).replace("Naam", "Name", 1) + f"\n{MANY[0]}\n", encoding="utf-8")
    checked, table = check_file(path, STANDARD)
    assert [(one.code, one.row) for one in checked.findings] == [("column-renamed", row)]
    assert list(Marks(checked, table, STANDARD).rows()) == [1]  # the workbook has no row for that note


WRONG_COLUMNS = {
    "a value with a semicolon": ";".join(_record(6, BedrijfNaam="Bouw; sloop BV")),
    "a value with a semicolon and no space": ";".join(_record(6, BedrijfNaam="Bouw;sloop BV")),
    "a value with a semicolon at the end of the record": ";".join(_record(6, PersoonFunctie="Hoofd; techniek")),
    "a semicolon too many before the street": ";".join(_record(6, BedrijfBtwNummer=";")),
    "a semicolon too few before the street": ";".join(_record(6)).replace(";;;Proefkade", ";;Proefkade", 1),
    "a semicolon too few before the surname": ";".join(_record(6)).replace(";Jansen", "Jansen", 1),
}


@pytest.mark.parametrize("record", WRONG_COLUMNS.values(), ids=WRONG_COLUMNS.keys())
def test_values_in_the_wrong_columns_are_no_blank_cells_at_the_end(tmp_path: Path, record: str) -> None:
    """A semicolon within the row leaves the row as long as one at its end."""
    assert _checked(tmp_path, [*MANY, record]) == [("row-cell-count", 7, "shifted")]


@pytest.mark.parametrize("records", [1, 5])
def test_a_company_with_a_semicolon_in_its_name_on_all_records(tmp_path: Path, records: int) -> None:
    """Then all of them are as wide, and none is right."""
    rows = [";".join(_record(number, BedrijfNaam="Bouw;sloop BV")) for number in range(records)]
    assert _checked(tmp_path, rows) == [("row-cell-count", number + 2, "shifted") for number in range(records)]


def test_a_wrong_value_on_a_record_of_another_width_is_what_is_wrong(tmp_path: Path) -> None:
    bad = ";".join(_record(6, PersoonGeboortedatum="31-02-1988"))
    assert _checked(tmp_path, [*MANY, bad + ";"]) == [("value-date", 7, "no-such-day")]


def test_records_that_are_all_too_wide_have_their_own_faults(tmp_path: Path) -> None:
    bad = ";".join(_record(6, PersoonEmailWerk="voorbeeld"))
    assert _checked(tmp_path, [row + ";" for row in (*MANY, bad)]) == [("value-email", 7, None)]


def test_records_without_the_blank_cells_at_their_end_have_their_own_faults(tmp_path: Path) -> None:
    """As Excel writes them, in blocks of sixteen rows as wide as the widest of them."""
    bad = ";".join(_record(6, PersoonEmailWerk="voorbeeld")).rstrip(";")
    assert _checked(tmp_path, [*MANY, bad]) == [("row-short", 7, None), ("value-email", 7, None)]
