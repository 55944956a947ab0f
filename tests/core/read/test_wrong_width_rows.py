"""A record of another width than the header is no data, and is kept all the same for the supplier to correct (C4)."""

from pathlib import Path

import openpyxl
import pytest
from tests.core.hostile.small_layout import HEADERS, small_layout

from instroom.core.model import FileFormat, Limits, Table
from instroom.core.pipeline import check_file
from instroom.core.read.wrong_width_rows import MOST_CELLS, WrongWidthRows
from instroom.core.report.rejected_records import write_rejected

GOOD = ["1", "HR", "Een BV", "", "", ""]
WIDE = ["2", "HR", "Twee BV", "", "", "", "", "te veel"]
SHORT = ["3", "HR"]
UPPER = [header.upper() for header in HEADERS]


def _delivery(path: Path, rows: list[list[str]]) -> Path:
    """The rows as they are, in the format of the name."""
    if path.suffix == ".csv":
        path.write_text("".join(";".join(row) + "\n" for row in rows), encoding="utf-8")
        return path
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def _read(path: Path, limits: Limits | None = None) -> tuple[Table, list[tuple[str, int | None]]]:
    checked, table = check_file(path, small_layout(), limits=limits or Limits())
    assert table is not None
    return table, [(one.code, one.row) for one in checked.findings]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_its_cells_are_kept_by_row(tmp_path: Path, suffix: str) -> None:
    """No row is too short: the cells that are not there are blank."""
    table, _ = _read(_delivery(tmp_path / f"a.{suffix}", [list(HEADERS), GOOD, WIDE, SHORT, GOOD]))
    assert table.wrong_width_rows == {3: WIDE}
    assert table.places == [2, 4, 5]
    assert table.records == 4


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_header_in_other_letters_is_a_header(tmp_path: Path, suffix: str) -> None:
    """It is renamed, and rows beside it have a width to differ from."""
    table, found = _read(_delivery(tmp_path / f"a.{suffix}", [UPPER, GOOD, WIDE]))
    assert ("row-cell-count", 3) in found and ("column-renamed", 1) in found
    assert (table.rows, table.wrong_width_rows) == ([GOOD], {3: WIDE})


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_header_below_a_title_is_found(tmp_path: Path, suffix: str) -> None:
    """Where the title is narrower than the layout, and the header is not (header-missing)."""
    path = _delivery(tmp_path / f"a.{suffix}", [["Personen"], [*HEADERS, "Extra"], GOOD])
    checked, _ = check_file(path, small_layout())
    assert [(one.code, dict(one.facts)) for one in checked.findings] == [("header-missing", {"found_row": 2})]


def test_all_rows_below_a_title_are_kept(tmp_path: Path) -> None:
    """The annotated workbook is to be corrected and delivered again: it may not lose the rows that come late."""
    rows = [[str(number), *GOOD[1:]] for number in range(300)]
    table, _ = _read(_delivery(tmp_path / "a.xlsx", [["Personen"], list(HEADERS), *rows]))
    assert sorted({*table.places, *table.wrong_width_rows}) == list(range(2, 303))


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_too_many_records_leave_none(tmp_path: Path, suffix: str) -> None:
    """As of the other rows (rows-too-many)."""
    table, _ = _read(_delivery(tmp_path / f"a.{suffix}", [list(HEADERS), *[WIDE] * 4]), Limits(records=3))
    assert (table.rows, table.wrong_width_rows, table.records) == ([], {}, 4)


def test_a_file_with_a_fault_of_its_own_leaves_none(tmp_path: Path) -> None:
    """No row of it is to be trusted (csv-quote)."""
    table, found = _read(_delivery(tmp_path / "a.csv", [list(HEADERS), WIDE, ['"x', *GOOD[1:]]]))
    assert (found[0][0], table.wrong_width_rows) == ("csv-quote", {})


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_rejected_records_hold_it_as_it_was(tmp_path: Path, suffix: FileFormat) -> None:
    """In CSV, where it can be corrected (C4)."""
    delivery, target = _delivery(tmp_path / f"a.{suffix}", [list(HEADERS), GOOD, WIDE]), tmp_path / "out.csv"
    checked, table = check_file(delivery, small_layout())
    assert table is not None
    assert write_rejected(target, checked, table, small_layout()) == 1
    assert target.read_text("utf-8-sig").splitlines() == [";".join(HEADERS), ";".join(WIDE)]


def test_what_is_kept_has_bounds() -> None:
    """Of rows, of cells in a row, and of all cells and text together."""
    kept = WrongWidthRows()
    kept.keep(1, [""] * (MOST_CELLS + 1))
    kept.keep(2, ["x"], size=1 << 40)
    kept.keep(3, ["x"])
    assert kept.rows == {}, "text beyond the bound ends it"
    wide, narrow = WrongWidthRows(), WrongWidthRows()
    for place in range(20_000):
        wide.keep(place, [""] * MOST_CELLS)
        narrow.keep(place, ["x"])
    assert len(wide.rows) < 2_000
    assert len(narrow.rows) == 10_000
