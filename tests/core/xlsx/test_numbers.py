"""Numbers come as a Dutch spreadsheet shows them (product.md A5)."""

from pathlib import Path

import pytest
from tests.core.xlsx.corpus.parts import styles
from tests.core.xlsx.corpus.reading import read_rows

from instroom.core.model import CellNote
from instroom.core.xlsx.cell_note import date_note, seconds_of_day

NUMBER, DATE, SCIENTIFIC = CellNote.NUMBER, CellNote.DATE, CellNote.SCIENTIFIC
FORMATTED = NUMBER | CellNote.FORMATTED
EVENING = date_note(18 * 3600)
SPOILT = NUMBER | SCIENTIFIC

CASES = [
    # what the cell holds, its format, what is shown, what is noted
    ("12345", "General", "12345", NUMBER),
    ("12345.0", "General", "12345", NUMBER),
    ("007", "General", "7", NUMBER),
    ("-12", "General", "-12", NUMBER),
    ("-0", "General", "0", NUMBER),
    ("0", "General", "0", NUMBER),
    ("0.1", "General", "0,1", NUMBER),
    ("0.30000000000000004", "General", "0,3", NUMBER),
    ("4.3528999999999998E-2", "General", "0,043529", NUMBER),
    ("1.5E2", "General", "150", NUMBER),
    ("123456789012", "General", "123456789012", NUMBER),
    ("123456789012345", "General", "123456789012345", NUMBER),
    ("1234567890123456", "General", "1234567890123456", SPOILT),
    ("12345678901234567890", "General", "12345678901234567890", SPOILT),
    ("1.23E+11", "General", "1,23E+11", SPOILT),
    ("1.2345678901234568E+19", "General", "1,23456789012346E+19", SPOILT),
    ("1E-10", "General", "1E-10", SPOILT),
    ("12345", "@", "12345", NUMBER),
    ("12345", "GENERAL", "12345", NUMBER),
    ("12345678", "0", "12345678", NUMBER),
    ("1234567", "00000000", "01234567", 0),
    ("0", "00000000", "00000000", 0),
    ("123456789", "00000000", "123456789", 0),
    ("-5", "000", "-005", 0),
    ("612345678", "00-00000000", "06-12345678", 0),
    ("31201234567", '"+"00\\ 00\\ 0000000', "+31 20 1234567", 0),
    ("1234567890123456789", "0", "1234567890123456789", NUMBER),
    ("1234.5", "0.00", "1234,50", FORMATTED),
    ("0.5", "0", "1", FORMATTED),
    ("2.5", "0", "3", FORMATTED),
    ("1.005", "0.00", "1,01", FORMATTED),
    ("-0.001", "0.00", "0,00", FORMATTED),
    ("5", "0.##", "5,", FORMATTED),
    ("5.25", "0.0#", "5,25", NUMBER),
    ("0.5", "#.00", ",50", FORMATTED),
    ("1234567.891", "#,##0.00", "1.234.567,89", FORMATTED),
    ("12", "#,##0", "12", NUMBER),
    ("1234567", "#,##0,", "1.235", FORMATTED),
    ("1234567", "0.0,,", "1,2", FORMATTED),
    ("0.155", "0%", "16%", FORMATTED),
    ("0.155", "0.00%", "15,50%", FORMATTED),
    ("1234", '#,##0" km"', "1.234 km", FORMATTED),
    ("1234", "[$€-413] #,##0.00", "€ 1.234,00", FORMATTED),
    ("-1234", "[$€-413] #,##0;[Red]-[$€-413] #,##0", "-€ 1.234", FORMATTED),
    ("-12", "0;(0)", "(12)", FORMATTED),
    ("-12", "000;@", "-012", 0),
    ("-12", "0;(0);-;@", "(12)", FORMATTED),
    ("1000", "#0.#", "1000,", FORMATTED),
    ("0", "0;-0;-", "-", FORMATTED),
    ("0", "0;-0;", "", None),
    ("5", '"ja";"nee";"geen"', "ja", FORMATTED),
    ("50", '[<100]00;[>=100]"veel";0', "50", 0),
    ("150", '[<100]0;[>=100]"veel"', "veel", FORMATTED),
    ("7", "[Red][<10]0;0", "7", NUMBER),
    ("123000000000", "0.00E+00", "1,23E+11", SPOILT),
    ("0.00012", "0.0E-0", "1,2E-4", SPOILT),
    ("0.5", "# ?/?", "0,5", NUMBER),
    ("5", "??0", "  5", NUMBER),
    ("5", "_-* #,##0_-", " 5 ", NUMBER),
    ("43860", "dd-mm-yyyy", "30-01-2020", DATE),
    ("43860", "[$-413]d mmmm yyyy;@", "30-01-2020", DATE),
    ("43860.75", "dd-mm-yyyy", "30-01-2020", EVENING),
    ("43860.999305555554", "dd-mm-yyyy", "30-01-2020", date_note(86_340)),
    ("43860.99999", "dd-mm-yyyy", "30-01-2020", date_note(86_399)),
    ("43859.99999999999", "dd-mm-yyyy", "30-01-2020", DATE),
    ("43860.00000000001", "dd-mm-yyyy", "30-01-2020", DATE),
    ("43860.75", "d-m-yy h:mm", "30-01-2020 18:00", EVENING),
    ("43860", "d-m-yy h:mm", "30-01-2020", DATE),
    ("43860.7500116", "d-m-yy h:mm:ss", "30-01-2020 18:00:01", date_note(64_801)),
    ("43860.999999", "d-m-yy h:mm", "31-01-2020", date_note(86_399)),
    ("0.75", "h:mm", "18:00", EVENING),
    ("0.5", "hh:mm:ss", "12:00:00", date_note(43_200)),
    ("1.5", "[h]:mm", "36:00", date_note(43_200)),
    ("1.5", "h:mm AM/PM", "12:00", date_note(43_200)),
    ("0.000694444", "mm:ss", "00:01:00", date_note(60)),
    ("43860", "mmm-yy", "30-01-2020", DATE),
    ("43860", '"dag" 0', "dag 43860", FORMATTED),
    ("43860", "\\d0", "d43860", FORMATTED),
    ("1", "d-m-yyyy", "01-01-1900", DATE),
    ("59", "d-m-yyyy", "28-02-1900", DATE),
    ("60", "d-m-yyyy", "29-02-1900", DATE),
    ("61", "d-m-yyyy", "01-03-1900", DATE),
    ("0", "d-m-yyyy", "00-01-1900", DATE),
    ("2958465", "d-m-yyyy", "31-12-9999", DATE),
    ("2958466", "d-m-yyyy", "2958466", NUMBER),
    ("-1", "d-m-yyyy", "-1", NUMBER),
]


@pytest.mark.parametrize(("raw", "code", "text", "notes"), CASES)
def test_a_number_in_its_format(tmp_path: Path, raw: str, code: str, text: str, notes: int | None) -> None:
    rows = f'<row r="1"><c r="A1" s="1"><v>{raw}</v></c></row>'
    found = read_rows(tmp_path, rows, styles=styles(code))
    assert found == ({} if notes is None else {"A1": (text, notes)})


BUILT_IN = [(1, "5"), (2, "5,00"), (3, "5"), (4, "5,00"), (9, "500%"), (10, "500,00%"), (11, "5,00E+00"), (49, "5")]
DATES = [14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58]
TIMES = [18, 19, 20, 21, 32, 33, 45, 46, 47]


@pytest.mark.parametrize(
    ("number", "text"),
    [*BUILT_IN, *((number, "05-01-1900") for number in DATES), *((number, None) for number in TIMES)],
)
def test_a_built_in_format(tmp_path: Path, number: int, text: str | None) -> None:
    sheet = f'<styleSheet xmlns="x"><cellXfs><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    found, notes = read_rows(tmp_path, '<row r="1"><c r="A1"><v>5</v></c></row>', styles=sheet)["A1"]
    if text is None:
        assert ":" in found
        assert notes & DATE
    else:
        assert found == text
        assert bool(notes & DATE) is (number in DATES)


@pytest.mark.parametrize(("raw", "text"), [("0", "01-01-1904"), ("42398", "30-01-2020"), ("60", "01-03-1904")])
@pytest.mark.parametrize("extension", ["", '<e:workbookPr xmlns:e="e" chartTrackingRefBase="1"/>'])
def test_the_epoch_of_1904(tmp_path: Path, raw: str, text: str, extension: str) -> None:
    workbook = (
        f'<workbook xmlns:r="r"><workbookPr date1904="1"/>{extension}'
        '<sheets><sheet name="Blad1" r:id="rId1"/></sheets></workbook>'
    )
    rows = f'<row r="1"><c r="A1" s="1"><v>{raw}</v></c></row>'
    assert read_rows(tmp_path, rows, styles=styles("d-m-yyyy"), workbook=workbook) == {"A1": (text, DATE)}


ISO_CELLS = [
    # what the cell holds, its format, what is shown, its time of day
    ("2020-01-30", "General", "30-01-2020", 0),
    ("20200130", "General", "30-01-2020", 0),
    ("2020-01-30T00:00:00", "General", "30-01-2020", 0),
    ("2020-01-30T18:05:00.000Z", "General", "30-01-2020 18:05", 65_100),
    ("2020-01-30T18:05:09", "General", "30-01-2020 18:05:09", 65_109),
    ("20200130T180509", "General", "30-01-2020 18:05:09", 65_109),
    ("2020-01-30T00:00:00+01:00", "General", "30-01-2020", 0),
    ("2020-01-29T23:00:00.000Z", "d-m-yyyy", "29-01-2020", 82_800),
    ("2020-01-29T23:00:00.000Z", "d-m-yyyy h:mm", "29-01-2020 23:00", 82_800),
    ("2020-01-29T23:00:00.000Z", "h:mm", "23:00", 82_800),
    ("1888-01-30", "d-m-yyyy", "30-01-1888", 0),
    ("18:05:00", "General", "18:05", 65_100),
    ("T18:05", "General", "18:05", 65_100),
    ("2020-02-30", "General", "2020-02-30", 0),
    ("30-01-2020", "d-m-yyyy", "30-01-2020", 0),
    ("1988", "General", "1988", 0),
    ("43860", "d-m-yyyy", "43860", 0),
]


@pytest.mark.parametrize(("raw", "code", "text", "seconds"), ISO_CELLS)
def test_an_iso_date_cell(tmp_path: Path, raw: str, code: str, text: str, seconds: int) -> None:
    rows = f'<row r="1"><c r="A1" s="1" t="d"><v>{raw}</v></c></row>'
    found = read_rows(tmp_path, rows, styles=styles(code))
    assert found == {"A1": (text, date_note(seconds))}
    assert seconds_of_day(found["A1"][1]) == seconds


def test_an_iso_date_cell_in_the_epoch_of_1904(tmp_path: Path) -> None:
    workbook = (
        '<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="Blad1" r:id="rId1"/></sheets></workbook>'
    )
    rows = '<row r="1"><c r="A1" s="1" t="d"><v>2020-01-30</v></c></row>'
    assert read_rows(tmp_path, rows, styles=styles("d-m-yyyy"), workbook=workbook) == {"A1": ("30-01-2020", DATE)}


@pytest.mark.parametrize("raw", ["abc", "1_0", "nan", "NaN", "INF", "1e999", "0x10", "1,5", "٣", "9" * 500])
def test_a_number_that_is_none(tmp_path: Path, raw: str) -> None:
    [(text, note)] = read_rows(tmp_path, f'<row r="1"><c r="A1"><v>{raw}</v></c></row>').values()
    assert (text, note) == (raw, CellNote.ERROR | CellNote.NO_NUMBER)


FORMULA = CellNote.FORMULA
NO_VALUE = FORMULA | CellNote.NO_VALUE
CELLS = [
    ('<c r="A1" t="b"><v>1</v></c>', "TRUE", CellNote.BOOLEAN),
    ('<c r="A1" t="b"><v>0</v></c>', "FALSE", CellNote.BOOLEAN),
    ('<c r="A1" t="e"><v>#N/A</v></c>', "#N/A", CellNote.ERROR),
    ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!", CellNote.ERROR | FORMULA),
    ('<c r="A1"><f>1+1</f><v>2</v></c>', "2", NUMBER | FORMULA),
    ('<c r="A1" t="str"><f>B1</f><v>a</v></c>', "a", FORMULA),
    ('<c r="A1"><f>1+1</f></c>', "", NO_VALUE),
    ('<c r="A1"><f>v</f></c>', "", NO_VALUE),
    ('<c r="A1"><f>1+1</f><v></v></c>', "", NO_VALUE),
    ('<c r="A1"><f t="shared" si="0"/><v/></c>', "", NO_VALUE),
    ('<c r="A1" t="n"><f/><v> 2 </v></c>', "2", NUMBER | FORMULA),
]


@pytest.mark.parametrize(("cell", "text", "notes"), CELLS)
def test_other_kinds_of_cells(tmp_path: Path, cell: str, text: str, notes: int) -> None:
    for rows in (f'<row r="1">{cell}</row>', f'<row r="1">{cell}<c r="B1"/></row>\n<row r="2"/>'):
        assert read_rows(tmp_path, rows) == {"A1": (text, notes)}


def test_a_formula_whose_text_is_empty_is_blank(tmp_path: Path) -> None:
    assert read_rows(tmp_path, '<row r="1"><c r="A1" t="str"><f>B1</f><v></v></c></row>') == {}
