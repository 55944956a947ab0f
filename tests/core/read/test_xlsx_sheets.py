"""Which sheet of a workbook is read, and what is said of the others."""

from pathlib import Path
from typing import Any

import pytest
from tests.core.read.test_xlsx_table import HEADERS, RECORD, Fill, both, rows, table, told
from tests.core.xlsx.corpus.parts import parts, write
from tests.core.xlsx.corpus.reading import small_layout

from instroom.core.read.from_xlsx import read_xlsx


def named(fill: Fill, state: str) -> Fill:
    """The sheet that `fill` makes, in this state."""

    def made(book: Any) -> None:
        getattr(fill(book), state)()

    return made


def hidden(fill: Fill) -> Fill:
    return named(fill, "hide")


def very_hidden(fill: Fill) -> Fill:
    return named(fill, "very_hidden")


OTHER = ["K9", "HR", "P9", "HR"]
SHUFFLED = [*HEADERS[2:], *HEADERS[:2]]
DATA = rows(HEADERS, RECORD)


@pytest.mark.parametrize(
    ("fill", "read", "others"),
    [
        (both(rows(HEADERS, RECORD), rows(name="Leeg")), "K1", None),
        (both(rows(["a"], ["b"], name="Los"), rows(HEADERS, RECORD)), "K1", ["Los"]),
        (both(rows([], HEADERS, name="Lager"), rows(HEADERS, RECORD)), "K1", ["Lager"]),
        (both(rows(name="Leeg"), rows(["x"], ["y"], name="Twee"), rows(["z"], name="Drie")), "y", ["Drie"]),
        (both(rows(HEADERS, name="Uitleg"), rows(["x"], ["y"], name="Twee")), "y", None),
        (both(rows(HEADERS, RECORD), rows(["uitleg"], name="Explanation")), "K1", None),
        (both(rows(["l"], name="Lijsten"), rows(HEADERS, RECORD)), "K1", ["Lijsten"]),
    ],
)
def test_which_sheet_is_read(tmp_path: Path, fill: Fill, read: str, others: list[str] | None) -> None:
    result = table(tmp_path, fill)
    assert result.rows[0][0] == read
    facts = [dict(found.facts) for found in result.findings if found.code == "xlsx-sheets"]
    assert [fact["others"] for fact in facts] == ([others] if others else [])


def test_citizen_service_numbers_on_another_sheet_are_told(tmp_path: Path) -> None:
    other = rows(["Naam", "BSN"], ["x", "002000003"], ["y"], name="Lijst")
    for fill in (both(rows(HEADERS, RECORD), other), both(rows(HEADERS, RECORD), hidden(other))):
        assert table(tmp_path, fill).unread == {"BSN": ["002000003"]}


SHEETS: list[tuple[str, Fill, list[str], list[tuple[str, int | None, dict[str, Any]]]]] = [
    ("our name on the only sheet", rows(HEADERS, RECORD, name="Samenvatting"), ["K1"], []),
    (
        "our name beside our sheets",
        both(rows(["l"], ["x"], name="Uitleg"), rows(HEADERS, RECORD, name="Summary")),
        ["K1"],
        [],
    ),
    (
        "our name on a second delivery",
        both(DATA, rows(HEADERS, OTHER, name="Samenvatting")),
        ["K1"],
        [("xlsx-second-sheet", None, {"read": "Gegevens", "others": ["Samenvatting"]})],
    ),
    (
        "two deliveries and a list",
        both(
            rows(["Land"], ["NL"], name="Lijst"),
            DATA,
            rows(SHUFFLED, OTHER, name="Zuid"),
            rows(HEADERS, OTHER, name="Oost"),
        ),
        ["K1"],
        [
            ("xlsx-second-sheet", None, {"read": "Gegevens", "others": ["Zuid", "Oost"]}),
            ("xlsx-sheets", None, {"read": "Gegevens", "others": ["Lijst"]}),
        ],
    ),
    (
        "headers in another case, and with spaces",
        both(DATA, rows([f" {header.upper()} " for header in HEADERS], OTHER, name="Zuid")),
        ["K1"],
        [("xlsx-second-sheet", None, {"read": "Gegevens", "others": ["Zuid"]})],
    ),
    (
        "the key of a person alone",
        both(DATA, rows(["Naam", *HEADERS[2:]], ["Jansen", "P9", "HR"], name="Zuid")),
        ["K1"],
        [("xlsx-second-sheet", None, {"read": "Gegevens", "others": ["Zuid"]})],
    ),
    (
        "a title above the second delivery",
        both(DATA, rows(["Vestiging Zuid"], [], HEADERS, OTHER, name="Zuid")),
        ["K1"],
        [("xlsx-second-sheet", None, {"read": "Gegevens", "others": ["Zuid"]})],
    ),
    (
        "a title above the first delivery",
        both(rows(["Vestiging Zuid"], HEADERS, OTHER, name="Zuid"), DATA),
        ["K1"],
        [("xlsx-second-sheet", None, {"read": "Gegevens", "others": ["Zuid"]})],
    ),
    (
        "a title above a hidden delivery",
        both(DATA, hidden(rows(["Oud"], HEADERS, OTHER, name="Oud"))),
        ["K1"],
        [("xlsx-hidden-sheet", None, {"sheets": ["Oud"], "read": False})],
    ),
    ("our explanation with headers in it", both(DATA, rows(["Uitleg"], HEADERS, OTHER, name="Uitleg")), ["K1"], []),
    ("a second sheet without records", both(DATA, rows(HEADERS, name="Zuid")), ["K1"], []),
    (
        "more records without headers",
        both(DATA, rows(OTHER, ["K8", "HR", "P8", "HR"], name="Blad2")),
        ["K1"],
        [("xlsx-second-sheet", None, {"read": "Gegevens", "others": ["Blad2"], "problem": "no-headers"})],
    ),
    (
        "more records of another source, under a title",
        both(DATA, rows(["Vestiging Zuid"], ["K9", "ZUID", "P9", "ZUID"], ["K8", "ZUID", "P8", "ZUID"], name="Zuid")),
        ["K1"],
        [("xlsx-second-sheet", None, {"read": "Gegevens", "others": ["Zuid"], "problem": "no-headers"})],
    ),
    (
        "hidden records without headers",
        both(DATA, hidden(rows(OTHER, name="Oud"))),
        ["K1"],
        [("xlsx-hidden-sheet", None, {"sheets": ["Oud"], "read": False})],
    ),
    (
        "a list of codes",
        both(DATA, rows(["NL", "Nederland"], ["BE", "België"], name="Landen")),
        ["K1"],
        [("xlsx-sheets", None, {"read": "Gegevens", "others": ["Landen"]})],
    ),
    (
        "a list of ids",
        both(rows(["PersoonExternId", "Opmerking"], ["P1", "bellen"], name="Bellen"), DATA),
        ["K1"],
        [("xlsx-sheets", None, {"read": "Gegevens", "others": ["Bellen"]})],
    ),
    ("a hidden list", both(DATA, very_hidden(rows(["Land"], ["NL"], name="Lijsten"))), ["K1"], []),
    ("hidden headers", both(DATA, hidden(rows(HEADERS, name="Oud"))), ["K1"], []),
    (
        "hidden records",
        both(DATA, hidden(rows(HEADERS, OTHER, name="Oud")), very_hidden(rows(HEADERS, OTHER, name="Ouder"))),
        ["K1"],
        [("xlsx-hidden-sheet", None, {"sheets": ["Oud", "Ouder"], "read": False})],
    ),
    (
        "a blank sheet before a very hidden one",
        both(rows(name="Blad1"), very_hidden(DATA)),
        ["K1"],
        [("xlsx-hidden-sheet", None, {"sheets": ["Gegevens"], "read": True})],
    ),
    (
        "two hidden deliveries",
        both(rows(name="Blad1"), hidden(DATA), hidden(rows(HEADERS, OTHER, name="Oud"))),
        ["K1"],
        [
            ("xlsx-second-sheet", None, {"read": "Gegevens", "others": ["Oud"]}),
            ("xlsx-hidden-sheet", None, {"sheets": ["Gegevens"], "read": True}),
        ],
    ),
    (
        "a title sheet before a hidden delivery",
        both(rows(["Levering"], ["maart"], name="Voorblad"), hidden(DATA)),
        ["maart"],
        [("xlsx-hidden-sheet", None, {"sheets": ["Gegevens"], "read": False})],
    ),
    (
        "nothing but our own sheets",
        both(rows(["l"], ["x"], name="Uitleg"), rows(["m"], name="Samenvatting")),
        ["x"],
        [],
    ),
]


@pytest.mark.parametrize(("fill", "keys", "findings"), [case[1:] for case in SHEETS], ids=[case[0] for case in SHEETS])
def test_sheets_are_known_by_their_headers(
    tmp_path: Path, fill: Fill, keys: list[str], findings: list[tuple[str, int | None, dict[str, Any]]]
) -> None:
    result = table(tmp_path, fill)
    assert [row[0] for row in result.rows] == keys
    assert told(result) == findings


def test_the_only_sheet_is_hidden(tmp_path: Path) -> None:
    """No spreadsheet saves this, and libraries do."""
    written = parts(f'<row>{"".join(f"""<c t="str"><v>{header}</v></c>""" for header in HEADERS)}</row>')
    written["xl/workbook.xml"] = written["xl/workbook.xml"].replace("<sheet ", '<sheet state="veryHidden" ')
    result = read_xlsx(write(tmp_path / "a.xlsx", written), small_layout())
    assert told(result) == [("xlsx-hidden-sheet", None, {"sheets": ["Blad1"], "read": True})]
