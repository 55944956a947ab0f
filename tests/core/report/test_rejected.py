"""The file with only the refused records (product.md C4): to correct and deliver again."""

from pathlib import Path

import openpyxl
import pytest
from tests.core.report.deliveries import LAYOUT, TRICKS, checked, row, table

from instroom.core.findings import finding
from instroom.core.report.rejected_records import not_held, write_rejected
from instroom.core.write.delivery_file import write_records

ROWS = [row(PersoonAchternaam=f" Naam{n}", PersoonMobiel=value) for n, value in enumerate(TRICKS)]
SOME = checked([finding("value-date", 3), finding("person-conflict", 6, None, None, (4,)), finding("value-phone", 2)])


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "xml"])
def test_the_refused_records_as_delivered(tmp_path: Path, suffix: str) -> None:
    """Both records of a conflict, none with a warning alone; the very text that was delivered, in every format."""
    target, expected = tmp_path / f"rejected.{suffix}", tmp_path / f"expected.{suffix}"
    assert write_rejected(target, SOME, table(ROWS), LAYOUT) == 3
    write_records(expected, suffix, LAYOUT, [ROWS[1], ROWS[2], ROWS[4]])  # type: ignore[arg-type]
    if suffix == "xlsx":
        assert _cells(target) == _cells(expected)
    else:
        assert target.read_bytes() == expected.read_bytes()


def _cells(path: Path) -> list[tuple[object, str]]:
    lines = openpyxl.load_workbook(path).worksheets[0].iter_rows()
    return [(cell.value, cell.data_type) for line in lines for cell in line]


def test_in_csv_a_value_gets_no_apostrophe(tmp_path: Path) -> None:
    """It would be another value at the next delivery."""
    target = tmp_path / "rejected.csv"
    done = checked([finding("value-date", n) for n in range(2, 12)])
    write_rejected(target, done, table(ROWS), LAYOUT)
    assert ';"=HYPERLINK(""http://evil.example"";""x"")";' in target.read_text("utf-8-sig")
    assert "'" not in target.read_text("utf-8-sig")


def test_in_a_workbook_every_value_is_text(tmp_path: Path) -> None:
    """Never a formula, a number or a link."""
    target = tmp_path / "rejected.xlsx"
    write_rejected(target, checked([finding("value-date", n) for n in range(2, 12)]), table(ROWS), LAYOUT)
    sheet = openpyxl.load_workbook(target).worksheets[0]
    column = LAYOUT.headers.index("PersoonMobiel") + 1
    cells = [sheet.cell(number, column) for number in range(2, 12)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(value, "s") for value in TRICKS]
    assert not sheet._hyperlinks


def test_a_record_of_another_width_stays_one(tmp_path: Path) -> None:
    """In CSV as it was, in its place; a workbook could not show that its values have shifted."""
    rows = table(ROWS)._replace(wrong_width_rows={4: ["a", "b;c"]}, places=[2, 3, *range(5, 13)])
    done = checked([finding("value-date", 3), finding("row-cell-count", 4), finding("value-date", 5)])
    assert write_rejected(tmp_path / "rejected.csv", done, rows, LAYOUT) == 3
    assert (tmp_path / "rejected.csv").read_text("utf-8-sig").splitlines()[2] == 'a;"b;c"'
    assert write_rejected(tmp_path / "rejected.xlsx", done, rows, LAYOUT) == 2
    assert [not_held(tmp_path / name, done, rows) for name in ("a.csv", "a.xlsx", "a.xml")] == [[], [4], [4]]


def test_xml_does_not_make_a_record_sound_by_what_it_cannot_hold(tmp_path: Path) -> None:
    """Without its control character it would pass as good at the next delivery: it is left out, and named."""
    rows = table([row(PersoonAchternaam="a\x1b"), row(PersoonAchternaam="b"), row(PersoonAchternaam="c\ufffe")])
    done = checked([finding("value-control-character", n) for n in (2, 3, 4)])
    for suffix, written, missing in (("xml", 1, [2, 4]), ("csv", 3, []), ("xlsx", 3, [])):
        target = tmp_path / f"rejected.{suffix}"
        assert write_rejected(target, done, rows, LAYOUT) == written
        assert not_held(target, done, rows) == missing
    assert not_held(tmp_path / "a.xml", checked([])._replace(refused=frozenset({4})), rows) == [4]


def test_records_that_the_plan_left_out_come_too(tmp_path: Path) -> None:
    """A company that does not exist is only known when planning."""
    done = checked([])._replace(refused=frozenset({5, 7}))
    assert write_rejected(tmp_path / "rejected.csv", done, table(ROWS), LAYOUT) == 2


@pytest.mark.parametrize("found", [[], [finding("file-damaged")]], ids=["sound", "rejected-as-a-whole"])
def test_without_refused_records_there_is_no_file(tmp_path: Path, found: list[object]) -> None:
    """A file of headers alone would be one more thing to wonder at."""
    assert write_rejected(tmp_path / "rejected.csv", checked(found), table(ROWS), LAYOUT) == 0  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    """Rather than guessed."""
    with pytest.raises(ValueError, match=r"\.csv, \.xlsx or \.xml"):
        write_rejected(tmp_path / "rejected.txt", SOME, table(ROWS), LAYOUT)
