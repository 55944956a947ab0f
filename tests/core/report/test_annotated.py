"""The annotated workbook (product.md C4): the supplier's own rows, coloured and commented, fit to deliver again."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.report.deliveries import EVIL, FILE, LAYOUT, MIXED, TRICKS, checked, row, table

from instroom.core.findings import finding
from instroom.core.layout.own_sheets import OWN_SHEETS
from instroom.core.model import Checked, Finding, Table
from instroom.core.pipeline import check_file
from instroom.core.report import annotated
from instroom.core.report.annotated import write_annotated

RED, YELLOW, BLUE = "FFFFC7CE", "FFFFEB9C", "FFDDEBF7"


def _written(tmp_path: Path, done: Checked, rows: Table | None, lang: Any = "nl") -> Any:
    target = tmp_path / "annotated.xlsx"
    write_annotated(target, done, rows, LAYOUT, lang)
    return openpyxl.load_workbook(target)


def _texts(sheet: Any) -> list[str]:
    return [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value is not None]


def _cell(sheet: Any, place: int, label: str) -> Any:
    return sheet.cell(place, LAYOUT.headers.index(label) + 1)


def test_a_faulty_cell_is_coloured_and_commented(tmp_path: Path) -> None:
    """Red, yellow or blue, with what is wrong and what to do; a sound cell has neither."""
    done = checked(
        [
            finding("value-date", 2, "PersoonGeboortedatum", "31-02-1980"),
            finding("value-phone", 2, "PersoonMobiel", "06"),
            finding("value-whitespace", 2, "PersoonAchternaam", " Voorbeeld"),
        ]
    )
    values = {"PersoonGeboortedatum": "31-02-1980", "PersoonMobiel": "06", "PersoonAchternaam": " Voorbeeld"}
    sheet = _written(tmp_path, done, table([row(**values, PersoonExternId="0012")])).worksheets[0]
    date = _cell(sheet, 2, "PersoonGeboortedatum")
    assert (date.value, date.fill.fgColor.rgb, date.number_format) == ("31-02-1980", RED, "@")
    assert date.comment.text == (
        "Fout: ‘31-02-1980’ is geen datum die zonder gokken te lezen is.\n"
        "Schrijf de datum als dd-mm-jjjj, bijvoorbeeld 31-12-1980."
    )
    assert _cell(sheet, 2, "PersoonMobiel").fill.fgColor.rgb == YELLOW
    assert _cell(sheet, 2, "PersoonAchternaam").fill.fgColor.rgb == BLUE
    sound = _cell(sheet, 2, "PersoonVoornaam")
    assert (sound.comment, sound.fill.fill_type) == (None, None)


def test_the_key_of_a_row_has_the_colour_of_its_worst(tmp_path: Path) -> None:
    """So that a filter by colour on one column finds the rows, also where a row has no person, or no value there."""
    done = checked(
        [
            finding("value-phone", 2, "PersoonMobiel", "06"),
            finding("value-date", 3, "PersoonGeboortedatum", "x"),
            finding("value-phone", 3, "PersoonMobiel", "06"),
            finding("required-missing", 4, "BedrijfNaam", "", facts={"block": "company"}),
        ]
    )
    rows = [row(PersoonExternId=key, PersoonMobiel="06") for key in ("P1", "P2")]
    rows += [row(BedrijfExternId="B1"), row(PersoonExternId="P4")]
    sheet = _written(tmp_path, done, table(rows)).worksheets[0]
    keys = [_cell(sheet, place, "PersoonExternId") for place in (2, 3, 4, 5)]
    assert [cell.fill.fgColor.rgb for cell in keys] == [YELLOW, RED, RED, "00000000"]
    assert not any(cell.comment for cell in keys)
    assert _cell(sheet, 4, "BedrijfExternId").fill.fill_type is None


def test_in_a_file_of_companies_their_key_has_the_colour(tmp_path: Path) -> None:
    done = checked([finding("value-phone", 2, "BedrijfTelefoon", "06")])
    sheet = _written(tmp_path, done, table([row(BedrijfExternId="B1", BedrijfTelefoon="06")])).worksheets[0]
    assert _cell(sheet, 2, "BedrijfExternId").fill.fgColor.rgb == YELLOW


def test_it_opens_at_the_first_of_the_gravest_faults(tmp_path: Path) -> None:
    """With the headers in sight, and its key beside it where that is near."""
    found = [finding("value-phone", 2, "PersoonMobiel", "06"), finding("value-date", 40, "PersoonGeboortedatum", "x")]
    rows = [row(PersoonExternId="P", PersoonMobiel="06", PersoonGeboortedatum="x") for _ in range(40)]
    book = _written(tmp_path, checked(found), table(rows))
    view = book.worksheets[0].sheet_view
    assert book.active.title == "Aanlevering"
    assert (view.pane.topLeftCell, view.selection[0].activeCell, view.pane.ySplit) == ("BA38", "BI40", 1)


def test_columns_without_anything_to_see_are_folded_away(tmp_path: Path) -> None:
    """Keys, what must be filled in, columns with a value and those with a remark stay in sight."""
    done = checked([finding("required-missing", 2, "PersoonGeboortedatum", "")])
    sheet = _written(tmp_path, done, table([row(PersoonExternId="P1", PersoonMobiel="0612345678")])).worksheets[0]
    letters = {
        label: _cell(sheet, 1, label).column_letter for label in LAYOUT.headers if LAYOUT.headers.count(label) == 1
    }
    seen = {label for label, letter in letters.items() if not sheet.column_dimensions[letter].hidden}
    assert {"BedrijfNaam", "PersoonExternId", "PersoonAchternaam", "PersoonGeboortedatum", "PersoonMobiel"} <= seen
    assert not {"BedrijfPostStraat", "PersoonVoornaam", "PersoonOpmerking"} & seen
    assert all(sheet.column_dimensions[letter].outlineLevel == (label not in seen) for label, letter in letters.items())


def test_choices_widths_and_a_filter_are_those_of_a_template(tmp_path: Path) -> None:
    """Also where the file has its columns in another place."""
    headers = ["Notitie", *LAYOUT.headers]
    done = checked([finding("column-added", 1, "Notitie", facts={"found": "Notitie", "position": 1})])
    sheet = _written(tmp_path, done, table([["", *row(PersoonActief="J")]], headers=headers)).worksheets[0]
    letter = sheet.cell(1, headers.index("PersoonActief") + 1).column_letter
    offered = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert offered[f"{letter}2"] == '"Ja,Nee"'
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(headers)).column_letter}2"
    assert sheet.column_dimensions[letter].width > len("PersoonActief")


def test_long_choice_lists_stand_on_the_summary(tmp_path: Path) -> None:
    """A validation holds 255 characters of itself."""
    choices = tuple(f"Afdeling {n}" for n in range(60))
    columns = tuple(
        column._replace(choices=choices) if column.label == "PersoonAfdeling" else column for column in LAYOUT.columns
    )
    target = tmp_path / "annotated.xlsx"
    done = checked([finding("value-phone", 2, "PersoonMobiel", "06")])
    write_annotated(target, done, table([row(PersoonMobiel="06")]), LAYOUT._replace(columns=columns))
    sheet, summary = openpyxl.load_workbook(target).worksheets
    offered = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert offered[f"{_cell(sheet, 2, 'PersoonAfdeling').coordinate}"] == "Samenvatting!$AA$1:$AA$60"
    assert [summary.cell(place, 27).value for place in range(1, 61)] == list(choices)


def test_several_findings_share_a_cell(tmp_path: Path) -> None:
    """The gravest colours it; five are told, the others counted."""
    found = [finding("value-whitespace", 2, "PersoonAchternaam", " x")] * 6
    done = checked([*found, finding("value-too-long", 2, "PersoonAchternaam", " x")])
    cell = _cell(_written(tmp_path, done, table([row(PersoonAchternaam=" x")])).worksheets[0], 2, "PersoonAchternaam")
    assert cell.fill.fgColor.rgb == RED
    assert cell.comment.text.startswith("Fout: De waarde is te lang.")
    assert cell.comment.text.endswith("… en nog 2 bij deze cel")


@pytest.mark.parametrize(
    ("one", "label"),
    [
        (finding("company-conflict", 2, None, None, (5,)), "BedrijfExternId"),
        (finding("person-conflict", 2, None, None, (5,)), "PersoonExternId"),
        (finding("key-missing", 2, facts={"block": "person"}), "PersoonExternId"),
        (finding("possible-duplicate", 2, facts={"block": "company"}), "BedrijfExternId"),
        (finding("pair-repeated", 2), "BedrijfExternId"),
        (finding("value-date", 2, "NietInDeLayout"), "BedrijfExternId"),
    ],
    ids=lambda value: value.code if isinstance(value, Finding) else "",
)
def test_a_finding_on_the_record_stands_at_its_key(tmp_path: Path, one: Finding, label: str) -> None:
    """Also where the key is blank: no column is added, for then the file could not be delivered again."""
    sheet = _written(tmp_path, checked([one]), table([row(PersoonAchternaam="Voorbeeld")])).worksheets[0]
    assert _cell(sheet, 2, label).comment is not None
    assert sheet.max_column == len(LAYOUT.headers)


def test_every_row_keeps_its_number(tmp_path: Path) -> None:
    """Blank rows stay blank, and stay."""
    done = checked([finding("row-blank", 3, facts={"count": 2, "last_row": 4})])
    rows = table([row(PersoonAchternaam="Een"), row(PersoonAchternaam="Twee")], [2, 5])
    sheet = _written(tmp_path, done, rows).worksheets[0]
    column = LAYOUT.headers.index("PersoonAchternaam")
    assert [line[column] for line in sheet.values] == ["PersoonAchternaam", "Een", None, None, "Twee"]


def test_findings_in_another_order_stand_at_their_own_cells(tmp_path: Path) -> None:
    """Whatever the order in which they were kept: a remark at another person's cell would be worse than none."""
    found = [finding("value-phone", number, "PersoonMobiel", f"0{number}") for number in (4, 2, 3)]
    sheet = _written(
        tmp_path, checked(found), table([row(PersoonMobiel=f"0{number}") for number in (2, 3, 4)])
    ).worksheets[0]
    cells = [_cell(sheet, number, "PersoonMobiel") for number in (2, 3, 4)]
    assert all(f"‘{cell.value}’" in cell.comment.text for cell in cells)


def test_records_of_xml_stand_below_the_header(tmp_path: Path) -> None:
    """The first Regel is row 1 in a finding (C2), and row 2 on the sheet: a comment names the rows of its sheet, the
    list in the summary those of the file, and says so."""
    found = [
        finding("value-phone", 1, "PersoonMobiel", "06"),
        finding("row-blank", 2, facts={"count": 2, "last_row": 3}),
        finding("person-repeated", 4, None, None, (1,), {"extern_id": "P1"}),
    ]
    done = checked(found, file=FILE._replace(format="xml"))
    book = _written(tmp_path, done, table([row(PersoonMobiel="06")] * 2, [1, 4]))
    sheet = book.worksheets[0]
    assert _cell(sheet, 2, "PersoonMobiel").comment is not None
    assert "tot en met regel 4" in sheet["A3"].comment.text
    assert "al op regel 2." in _cell(sheet, 5, "PersoonExternId").comment.text
    assert any("al op regel 1." in text for text in _texts(book.worksheets[1]))
    assert any("Regel-elementen" in text for text in _texts(book.worksheets[1]))


@pytest.mark.parametrize(
    ("wrong_width_rows", "shown"),
    [
        ({2: ["a", "", "c"]}, {1: "a", 3: "c", 109: "Controleer of elke waarde in de juiste kolom staat"}),
        ({2: ["a", *[""] * 107, "z"]}, {1: "a", 109: "z"}),
        ({2: ["a", *[""] * 109]}, {1: "a", 109: "Controleer of elke waarde in de juiste kolom staat"}),
        ({}, {1: "Deze regel kon niet worden overgenomen"}),
    ],
    ids=["short", "long", "long-blank", "unknown"],
)
def test_a_row_of_another_width_stays_an_error(
    tmp_path: Path, wrong_width_rows: dict[int, list[str]], shown: dict[int, str]
) -> None:
    """It is not lost, and cannot pass for a good or a blank row when the workbook is delivered again: a cell beyond
    the last column says so until it is cleared."""
    done = checked([finding("row-cell-count", 2, facts={"found": 3, "expected": 108})])
    sheet = _written(tmp_path, done, table([], [])._replace(wrong_width_rows=wrong_width_rows)).worksheets[0]
    cells = {cell.column: cell.value for cell in sheet[2] if cell.value is not None}
    assert cells.keys() == shown.keys()
    assert all(str(cells[column]).startswith(text) for column, text in shown.items())
    assert sheet["A2"].comment is not None


_LINES = [";".join(row(PersoonExternId=name, PersoonExternSource="HR")) for name in ("P1", "P3")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "\n".join((";".join(LAYOUT.headers), _LINES[0], '"a"b;', _LINES[1], ""))),
        (
            "a.xml",
            '<Instroom layout="standard/1">'
            "<Regel><Persoon><ExternId>P1</ExternId><ExternSource>HR</ExternSource></Persoon></Regel>"
            "<Regel><Persoon><ExternId>P2</ExternId><Loon/></Persoon></Regel>"
            "<Regel><Persoon><ExternId>P3</ExternId><ExternSource>HR</ExternSource></Persoon></Regel></Instroom>",
        ),
    ],
)
def test_a_record_that_could_not_be_read_keeps_its_place(tmp_path: Path, name: str, content: str) -> None:
    """The other rows are there to be corrected; without a word in its place it would be left out unnoticed."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    done, rows = check_file(path, LAYOUT)
    assert [one.code for one in done.findings][1:] == ["required-missing"] * 2
    target = tmp_path / "annotated.xlsx"
    write_annotated(target, done, rows, LAYOUT)
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert str(sheet["A3"].value).startswith("Deze regel kon niet worden overgenomen")
    assert sheet["A3"].comment is not None
    assert [_cell(sheet, place, "PersoonExternId").value for place in (2, 3, 4)] == ["P1", None, "P3"]
    assert check_file(target, LAYOUT)[0].refused == {2, 3, 4}


def test_findings_on_the_header_stand_on_row_1(tmp_path: Path) -> None:
    """At the column as the file has it; cells below follow the file's columns, not the layout's."""
    headers = ["Notitie", *LAYOUT.headers[:2], "Naam", *LAYOUT.headers[3:]]
    found = [
        finding("column-added", 1, "Notitie", facts={"found": "Notitie", "position": 1}),
        finding("column-renamed", 1, "BedrijfNaam", "Naam", facts={"position": 4, "found": "Naam"}),
        finding("value-too-long", 2, "BedrijfNaam", "x"),
        finding("value-phone", 2, "PersoonMobiel", "06"),
    ]
    rows = table([["", *row(BedrijfNaam="x", PersoonMobiel="06")]], headers=headers)
    sheet = _written(tmp_path, checked(found), rows).worksheets[0]
    mobile = headers.index("PersoonMobiel") + 1
    commented = [cell.coordinate for line in sheet.iter_rows() for cell in line if cell.comment]
    assert commented == ["A1", "D1", "D2", sheet.cell(2, mobile).coordinate]


@pytest.mark.parametrize(
    "rows", [None, table([], []), Table([], [], [], {}, [], 0)], ids=["none", "empty", "headerless"]
)
def test_a_file_that_could_not_be_read_gives_a_summary_alone(tmp_path: Path, rows: Table | None) -> None:
    """There are no rows to show; the sheet says why."""
    book = _written(tmp_path, checked([finding("file-encrypted")]), rows)
    assert book.sheetnames == ["Samenvatting"]
    assert any("wachtwoord" in text for text in _texts(book.worksheets[0]))


@pytest.mark.parametrize(("lang", "name"), [("nl", "Samenvatting"), ("en", "Summary")])
def test_the_summary_stands_second_under_a_name_of_our_own(tmp_path: Path, lang: str, name: str) -> None:
    """So that the workbook can be delivered again (A7)."""
    book = _written(tmp_path, MIXED, table([row(PersoonAchternaam="x")]), lang)
    assert book.sheetnames[1:] == [name]
    assert name in OWN_SHEETS
    assert book.sheetnames[0] not in OWN_SHEETS


def test_the_summary_lists_every_finding(tmp_path: Path) -> None:
    """With verdict, counts, each kind once, and a line for each finding."""
    book = _written(tmp_path, MIXED, table([row(PersoonAchternaam="x")]))
    lines = list(book.worksheets[1].values)
    assert [line[0] for line in lines[:3]] == [
        "personen.csv",
        "Niet in orde: 10 fouten, 1 waarschuwing en 2 meldingen.",
        "12 ingevulde regels: 3 bedrijven en 8 personen.",
    ]
    heading = next(place for place, line in enumerate(lines) if line[0] == "Naam")
    assert len(lines) - heading - 1 == len(MIXED.findings)
    kinds = [(line[2], line[8]) for line in lines[:heading] if line[8]]
    assert kinds == [
        ("Aantal", "Code"),
        (1, "required-missing"),
        (7, "value-date"),
        (1, "company-conflict"),
        (1, "value-email"),
        (1, "value-phone"),
        (1, "xlsx-sheets"),
        (1, "row-blank"),
    ]


def test_the_summary_leads_to_each_cell_and_says_whose_it_is(tmp_path: Path) -> None:
    """The number of a row is a link, also where the row stands lower than its number says; a remark about the file as
    a whole leads nowhere."""
    found = [finding("file-unpacked", facts={"name": "a.xml"}), finding("value-date", 1, "PersoonGeboortedatum", "x")]
    done = checked(found, file=FILE._replace(format="xml"))
    rows = [row(PersoonVoorletters="A.", PersoonAchternaam="Voorbeeld", PersoonGeboortedatum="x")]
    summary = _written(tmp_path, done, table(rows, [1])).worksheets[1]
    lines = [[cell.value for cell in line] for line in summary.iter_rows() if line[6].value][1:]
    assert [line[:4] for line in lines] == [
        [None, "melding", None, None],
        ["A. Voorbeeld", "fout", 1, "PersoonGeboortedatum"],
    ]
    links = {cell.hyperlink.location for line in summary.iter_rows() for cell in line if cell.hyperlink}
    assert links == {"'Aanlevering'!BI2"}
    assert summary.auto_filter.ref.startswith("A")


def test_the_summary_says_for_each_column_what_to_do(tmp_path: Path) -> None:
    """What is right for one column can be wrong for the next: M, V or X is no answer to Ja or Nee."""
    found = [finding("value-not-in-list", 2, label, "man") for label in ("PersoonGeslacht", "PersoonActief")]
    texts = _texts(_written(tmp_path, checked(found), table([row(PersoonActief="man")])).worksheets[1])
    assert any("Kies M, V" in text for text in texts)
    assert any("Kies Ja of Nee" in text for text in texts)


def test_wrapped_lines_have_the_height_of_their_text(tmp_path: Path) -> None:
    """LibreOffice does not see to that by itself."""
    found = [finding("value-too-long", 2, "PersoonOpmerking", "x" * 200)]
    summary = _written(tmp_path, checked(found), table([row(PersoonOpmerking="x" * 200)])).worksheets[1]
    assert summary.row_dimensions[summary.max_row].height >= 8 * 15


def test_a_legend_says_what_the_colours_mean(tmp_path: Path) -> None:
    summary = _written(tmp_path, MIXED, table([row(PersoonAchternaam="x")])).worksheets[1]
    legend = {line[0].fill.fgColor.rgb: line[1].value for line in summary.iter_rows() if line[0].fill.fill_type}
    assert list(legend) == [RED, YELLOW, BLUE]
    assert any("Filter die kolom op kleur" in text for text in _texts(summary))


def test_no_value_becomes_a_formula(tmp_path: Path) -> None:
    """Nor a link, a number or markup: in the rows, in the summary, in the header (C4)."""
    found = [finding("column-added", 1, EVIL, facts={"found": EVIL, "position": 109})]
    found += [finding("value-phone", n, "PersoonMobiel", text) for n, text in enumerate(TRICKS, 2)]
    rows = [[*row(PersoonMobiel=text), text] for text in TRICKS]
    book = _written(tmp_path, checked(found), table(rows, headers=[*LAYOUT.headers, EVIL]))
    types = {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None}
    assert types == {"s", "n"}
    assert not book.worksheets[0]._hyperlinks
    assert all(
        re.fullmatch(r"'Aanlevering'!C[CS]\d+|'Aanlevering'!DE1", link.location)
        for link in book.worksheets[1]._hyperlinks
    )
    assert not any(link.target for link in book.worksheets[1]._hyperlinks)
    numbers = [
        cell for cell in (cell for line in book.worksheets[0].iter_rows() for cell in line) if cell.data_type == "n"
    ]
    assert all(cell.value is None for cell in numbers)
    column = LAYOUT.headers.index("PersoonMobiel")
    assert [line[column] for line in book.worksheets[0].values][1:] == TRICKS
    assert book.worksheets[0].cell(1, len(LAYOUT.headers) + 1).value == EVIL


def test_control_characters_leave_a_workbook_that_opens(tmp_path: Path) -> None:
    """In cells, header, file name and comments: NUL, escape, non-characters, an override of direction."""
    text = "a\x00\x1b\x0b\r\n\t\ufffe\uffff\u202e]]>&<" + "x" * 40_000
    done = checked([finding("value-control-character", 2, text, text)], file=FILE._replace(name=text))
    book = _written(tmp_path, done, table([[text] * 3], headers=[text] * 3))
    assert str(book.worksheets[0]["B2"].value).startswith("a")
    assert _texts(book.worksheets[1])[0].isprintable()


@settings(max_examples=8)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=3, max_size=3))
def test_any_text_gives_a_workbook_that_opens(texts: list[str]) -> None:
    """With nothing in it but text."""
    done = checked([finding("value-date", 2, texts[0], texts[1], facts={"found": texts[2]})])
    with TemporaryDirectory() as folder:
        book = _written(Path(folder), done, table([texts], headers=texts))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.data_type == "s" for cell in cells if cell.parent.title == "Aanlevering")


def test_comments_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gravest get one, all get their colour, and the summary says so."""
    monkeypatch.setattr(annotated, "COMMENTS", 3)
    found = [finding("value-phone", n, "PersoonMobiel", "06") for n in range(2, 12)]
    found.append(finding("value-date", 12, "PersoonGeboortedatum", "x"))
    rows = table([row(PersoonMobiel="06", PersoonGeboortedatum="x") for _ in range(11)])
    book = _written(tmp_path, checked(found), rows)
    cells = [cell for line in book.worksheets[0].iter_rows() for cell in line]
    assert [cell.coordinate for cell in cells if cell.comment] == ["CC2", "CC3", "BI12"]
    coloured = [cell for cell in cells if cell.fill.fill_type and cell.column_letter != "BA"]  # that of the key
    assert [cell.fill.fgColor.rgb for cell in coloured] == [*[YELLOW] * 10, RED]
    assert any(text.startswith("Alleen de eerste 3 cellen") for text in _texts(book.worksheets[1]))


def test_rows_below_a_sheet_are_counted(tmp_path: Path) -> None:
    """A CSV can have more lines than a sheet: what does not fit is said."""
    book = _written(tmp_path, checked([]), table([row(PersoonAchternaam="x")] * 2, [2, 1_048_577]))
    assert book.worksheets[0].max_row == 2
    assert any("1 van de regels" in text for text in _texts(book.worksheets[1]))


def test_nothing_half_is_left(tmp_path: Path) -> None:
    """When writing fails, what stood there still does."""
    target = tmp_path / "annotated.xlsx"
    target.write_text("before")
    unknown = Finding("no-such-code", "error", 2)
    with pytest.raises(KeyError):
        write_annotated(target, checked([unknown]), table([row(PersoonAchternaam="x")]), LAYOUT)
    assert [path.name for path in tmp_path.iterdir()] == ["annotated.xlsx"]
    assert target.read_text() == "before"
