"""Headers against the layout (product.md A3): one fault, one finding."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.check.tables import FILE, TODAY

from instroom.core.check import check
from instroom.core.layout.own_layouts import build
from instroom.core.layout.standard import standard
from instroom.core.model import Checked, Policies, Table
from instroom.core.pipeline import check_file
from instroom.core.xlsx.references import column_letters

HEADERS = list(standard().headers)


def judged(headers: list[str], *rows: list[str], places: list[int] | None = None) -> Checked:
    table = Table(headers, list(rows), places or list(range(2, len(rows) + 2)), {}, [], len(rows))
    return check(FILE, table, standard(), Policies(), today=TODAY)


def told(found: Checked) -> list[tuple[str, str | None]]:
    return [(item.code, item.column) for item in found.findings if item.code != "rows-none"]


def without(*headers: str) -> list[str]:
    return [header for header in HEADERS if header not in headers]


def test_the_layout_itself_has_no_finding() -> None:
    assert told(judged(HEADERS)) == []


def test_a_blank_column_before_others_is_no_semicolon_at_the_end() -> None:
    findings = judged(["", *HEADERS, ""]).findings
    inside = [item.facts.get("inside") for item in findings if item.code == "column-added"]
    assert inside == [True, None]


@pytest.mark.parametrize(
    ("headers", "findings"),
    [
        (without("BedrijfNaam"), [("column-missing", "BedrijfNaam")]),
        (HEADERS[1:], [("column-missing", "BedrijfExternId")]),
        (HEADERS[:-1], [("column-missing", "PersoonVrijveldData5")]),
        ([*HEADERS, ""], [("column-added", "")]),
        (["Nr", *HEADERS], [("column-added", "Nr")]),
        ([*HEADERS, "BedrijfNaam"], [("column-added", "BedrijfNaam")]),
        ([HEADERS[1], HEADERS[0], *HEADERS[2:]], [("column-moved", "BedrijfExternId")]),
        ([header.lower() for header in HEADERS], [("column-renamed", header) for header in HEADERS]),
        (["BedrijfsNr", *HEADERS[1:]], [("column-renamed", "BedrijfExternId")]),
        (
            [*without("BedrijfNaam", "PersoonTaal"), "PersoonTaal"],
            [("column-missing", "BedrijfNaam"), ("column-moved", "PersoonTaal")],
        ),
        (
            ["Bedrijf Naam", *HEADERS[3:]],
            [("column-missing", h) for h in HEADERS[:2]] + [("column-renamed", "BedrijfNaam")],
        ),
    ],
)
def test_one_fault_one_finding(headers: list[str], findings: list[tuple[str, str]]) -> None:
    found = judged(headers)
    assert sorted(told(found)) == sorted(findings)
    assert found.rejected


def test_facts_say_where() -> None:
    headers = [*without("PersoonTaal"), "PersoonTaal"]
    moved = judged(headers).findings[-1]
    assert moved.facts == {
        "header": "PersoonTaal",
        "found_position": 108,
        "expected_position": 63,
        "found_letter": "DD",
        "expected_letter": "BK",
    }
    assert moved.row == 1


def test_columns_that_can_be_placed_are_checked() -> None:
    headers = without("BedrijfNaam")
    row = ["" for _ in headers]
    for header, text in (("PersoonExternId", "P1"), ("PersoonExternSource", "HR"), ("PersoonTaal", "xx")):
        row[headers.index(header)] = text
    found = judged(headers, row)
    assert told(found) == [
        ("column-missing", "BedrijfNaam"),
        ("required-missing", "PersoonAchternaam"),
        ("value-language", "PersoonTaal"),
    ]
    assert found.records == []


def test_what_needs_an_absent_column_is_left_out() -> None:
    headers = without("PersoonExternId", "PersoonAchternaam", "PersoonCategorie1")
    row = ["" for _ in headers]
    row[headers.index("PersoonCategorieGroep1")] = "Cursus"
    found = judged(headers, row, list(row))
    assert {item.code for item in found.findings} == {"column-missing"}


def test_headers_further_down_are_pointed_at() -> None:
    blank = [""] * len(HEADERS)
    found = judged(["Aanlevering", *blank[1:]], HEADERS, blank, places=[3, 4])
    assert told(found) == [("header-missing", None)]
    assert found.findings[0].facts == {"found_row": 3}


def test_headers_on_a_row_of_another_width_are_pointed_at() -> None:
    table = Table(["Aanlevering"], [], [], {}, [], 2, {3: ["P1"], 4: HEADERS})
    found = check(FILE, table, standard(), Policies(), today=TODAY)
    assert [(item.code, item.facts) for item in found.findings] == [("header-missing", {"found_row": 4})]


@pytest.mark.parametrize(
    ("headers", "facts"),
    [
        (["Personeel"], {}),
        (
            ["Personeelsnr", "Naam", "Adres 1", "Plaats"],
            {"problem": "other", "found": ["Personeelsnr", "Naam", "Adres 1", "Plaats"]},
        ),
        (list("abcdefgh"), {"problem": "other", "found": list("abcdef"), "more": 2}),
        (["Nummer,Naam,Plaats"], {"problem": "other", "found": ["Nummer", "Naam", "Plaats"]}),
        (["Titel, en meer"], {}),
        (["half \ud83d", "a", "b"], {"problem": "other", "found": ["half \ud83d", "a", "b"]}),
        (["P1", "HR", "Jansen", "07-03-1988"], {"problem": "data"}),
        (["x", "jan@voorbeeld.example"], {"problem": "data"}),
    ],
)
def test_what_stands_on_row_1_instead_is_told(headers: list[str], facts: dict[str, object]) -> None:
    found = judged(headers)
    assert [(item.code, item.facts) for item in found.findings] == [("header-missing", facts)]


@pytest.mark.parametrize(
    ("encoding", "codes"), [("cp1252", ["csv-encoding", "header-missing"]), ("utf-8", ["header-missing"])]
)
def test_a_file_with_other_columns_is_told_so_in_whatever_encoding(
    tmp_path: Path, encoding: str, codes: list[str]
) -> None:
    path = tmp_path / "export.csv"
    rows = ["Nummer;Naam;Geboorteplaats;Coördinator", *["1;Müller;Zoë;x"] * 40]
    path.write_bytes("\r\n".join(rows).encode(encoding))
    found, _ = check_file(path, standard())
    assert [item.code for item in found.findings] == codes
    assert found.findings[-1].facts["found"] == ["Nummer", "Naam", "Geboorteplaats", "Coördinator"]


def test_our_columns_in_another_encoding_are_not_called_other_ones(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes((";".join(HEADERS) + "\r\n" + ";".join("Zoë" for _ in HEADERS)).encode("cp1252"))
    assert [item.code for item in check_file(path, standard())[0].findings] == ["csv-encoding"]


def test_few_but_right_headers_are_no_data_row() -> None:
    codes = {code for code, _ in told(judged(HEADERS[52:59]))}
    assert codes == {"column-missing"}


def test_repeated_headers_stay_apart() -> None:
    def column(header: str, block: str, field: str, kind: str) -> dict[str, object]:
        return {"header": header, "block": block, "field": field, "type": kind, "max_length": 50}

    def block(kind: str, name: str) -> list[dict[str, object]]:
        key = [
            column("ExternId", kind, "extern_id", "extern_id"),
            column("Bron", kind, "extern_source", "extern_source"),
        ]
        return [
            column(name, "marker", "", "marker"),
            *key,
            column("Naam", kind, "name" if kind == "company" else "surname", "text"),
        ]

    layout = build(
        {"name": "eigen", "version": 1, "columns": [*block("company", "BEDRIJF"), *block("person", "PERSOON")]}
    )
    headers = list(layout.headers)
    row = ["", "B1", "CRM", "Testbedrijf BV", "", "P1", "HR", ""]
    table = Table(headers, [row], [2], {}, [], 1)
    found = check(FILE, table, layout, Policies(), today=TODAY)
    assert told(found) == [("required-missing", "PERSOON Naam")]
    del headers[5], row[5]
    found = check(FILE, Table(headers, [row], [2], {}, [], 1), layout, Policies(), today=TODAY)
    assert ("column-missing", "PERSOON ExternId") in told(found)


@given(st.permutations(HEADERS[:12]), st.sets(st.integers(0, 11), max_size=3))
def test_every_column_is_placed_once(order: list[str], gone: set[int]) -> None:
    headers = [header for index, header in enumerate(order) if index not in gone] + HEADERS[12:]
    found = judged(headers)
    codes = [item.code for item in found.findings]
    assert codes.count("column-missing") == len(gone)
    assert codes.count("column-added") == 0 and codes.count("column-renamed") == 0
    assert codes.count("column-moved") <= 11


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5) | st.sampled_from(HEADERS), max_size=130))
def test_any_headers_give_an_answer(headers: list[str]) -> None:
    found = judged(headers)
    assert found.rejected
    if headers != HEADERS and "header-missing" not in {item.code for item in found.findings}:
        moves = [item.facts for item in found.findings]
        missing = sum("expected" in facts and "found" not in facts for facts in moves)
        added = sum("found" in facts and "expected" not in facts for facts in moves)
        assert len(headers) - added == len(HEADERS) - missing


@pytest.mark.parametrize(("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (107, "DD"), (701, "ZZ"), (702, "AAA")])
def test_letters(index: int, name: str) -> None:
    assert column_letters(index) == name
