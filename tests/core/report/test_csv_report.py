"""The report as CSV: a line for each finding, and no line that calculates."""

import csv
from pathlib import Path

import pytest
from tests.core.report.deliveries import EVIL, LAYOUT, MIXED, checked

from instroom.core.findings import finding
from instroom.core.report.csv_report import harmless, write_csv_report


def _lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";", strict=True))


def test_every_finding_has_a_line(tmp_path: Path) -> None:
    """Under headings in the reader's language, as a Dutch spreadsheet opens it."""
    target = tmp_path / "report.csv"
    write_csv_report(target, MIXED, LAYOUT)
    assert target.read_bytes().startswith(b"\xef\xbb\xbfErnst;Regel;Kolom;Waarde;")
    lines = _lines(target)
    assert len(lines) == len(MIXED.findings) + 1
    assert lines[2] == [
        "fout",
        "4",
        "PersoonAchternaam",
        "",
        "De persoon heeft geen achternaam.",
        "Vul de achternaam in.",
        "",
        "required-missing",
    ]
    assert {len(line) for line in lines} == {8}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (EVIL, "'" + EVIL),
        ("+31 6", "'+31 6"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        (" =1", "' =1"),
        ("\u00a0=1", "<U+00A0>=1"),
        ("＝1", "'＝1"),
        ("\t=1", "␉=1"),
        ("\r=1", "␍=1"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_a_value_is_no_formula(value: str, shown: str) -> None:
    """Only what a spreadsheet would calculate gets an apostrophe; a tab or return at the start becomes a sign."""
    assert harmless(value) == shown


def test_the_header_of_a_file_is_no_formula_either(tmp_path: Path) -> None:
    """A column that should not be there has the name that the file gives it."""
    target = tmp_path / "report.csv"
    write_csv_report(target, checked([finding("column-added", 1, EVIL, EVIL, facts={"found": EVIL})]), LAYOUT, "en")
    assert not any(cell.startswith("=") for line in _lines(target) for cell in line)


def test_values_are_bounded(tmp_path: Path) -> None:
    """A report of thousands of long values stays one that opens."""
    target = tmp_path / "report.csv"
    write_csv_report(target, checked([finding("value-too-long", 2, "PersoonOpmerking", "x" * 32_000)]), LAYOUT)
    assert len(_lines(target)[1][3]) == 1_000
