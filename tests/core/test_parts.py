"""The faulty records out, corrected and delivered again are the whole file corrected."""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.layout.standard import standard
from instroom.core.model import Checked, FileFacts, Table
from instroom.core.parts import as_document, from_document, put_in, replaced_rows
from instroom.core.pipeline import check_file, check_table, read_file
from instroom.core.report.rejected_records import write_rejected
from instroom.core.write.delivery_file import write_records

LAYOUT = standard()
NUMBER = {header: index for index, header in enumerate(LAYOUT.headers)}
BORN, NAME, ID = NUMBER["PersoonGeboortedatum"], NUMBER["PersoonAchternaam"], NUMBER["PersoonExternId"]
FACTS = FileFacts("personen.csv", "csv", 0, "")


def record(number: int, **values: str) -> list[str]:
    """A person without a fault, at one of three companies or at none."""
    cells = [""] * len(LAYOUT.headers)
    at = {"BedrijfExternSource": "CRM", "BedrijfExternId": f"B{number % 4}", "BedrijfNaam": f"Bedrijf {number % 4}"}
    own = {"PersoonExternSource": "HR", "PersoonExternId": f"P{number}", "PersoonAchternaam": f"Naam {number}",
           "PersoonVoornaam": f"Voor {number}", "PersoonGeboortedatum": "01-02-1980"}  # fmt: skip
    for header, value in {**(at if number % 4 else {}), **own, **values}.items():
        cells[NUMBER[header]] = value
    return cells


def table(rows: Sequence[Sequence[str]], first: int = 2) -> Table:
    return Table(
        list(LAYOUT.headers), [list(row) for row in rows], list(range(first, first + len(rows))), {}, [], len(rows)
    )


FAULTS = ["date", "no-key", "no-source", "twice", "no-name"]


def spoilt(row: list[str], fault: str) -> list[str]:
    row = list(row)
    match fault:
        case "date":
            row[BORN] = "31-02-1980"
        case "no-key":
            row[ID] = ""
        case "no-source":
            row[NUMBER["PersoonExternSource"]] = ""
        case "twice":
            row[ID] = "P0"  # that of the first record, which has no other fault
        case "no-name":
            row[NAME] = ""
    return row


def outcome(checked: Checked) -> object:
    return checked.records, list(checked.findings), checked.refused, checked.repeated, checked.record_count


@given(
    st.lists(st.sampled_from(["", "", *FAULTS]), min_size=1, max_size=8),
    st.sampled_from(["csv", "xlsx", "xml"]),
    st.sampled_from(["csv", "xlsx", "xml"]),
    st.sets(st.integers(0, 9)),
)
def test_faulty_records_out_corrected_and_delivered_are_the_whole_corrected(
    faults: list[str], first: str, second: str, blank: set[int]
):
    faults = ["", *faults]
    good = [record(number) for number in range(len(faults))]
    bad = [spoilt(row, fault) if fault else row for row, fault in zip(good, faults, strict=True)]
    with TemporaryDirectory() as name:
        folder = Path(name)
        delivered, corrected = folder / f"personen.{first}", folder / f"hersteld.{first}"
        gaps = [[""] * len(LAYOUT.headers) if first != "xml" and number in blank else None for number in range(10)]

        def write(path: Path, rows: list[list[str]]) -> None:
            spread = [one for gap, row in zip(gaps, rows, strict=False) for one in (gap, row) if one]
            write_records(path, first, LAYOUT, spread)  # type: ignore[arg-type]

        write(delivered, bad)
        checked, before = check_file(delivered, LAYOUT, environment=True)
        assert before
        right = {row: good[number] for number, row in enumerate(before.places) if row in checked.refused}
        write(corrected, [right.get(row, cells) for row, cells in zip(before.places, bad, strict=True)])
        wanted, _ = check_file(corrected, LAYOUT, environment=True)
        part_path = folder / f"deel.{second}"
        count = write_rejected(part_path, checked, before, LAYOUT)
        if count in (0, len(good)):
            return
        part = read_file(part_path, LAYOUT).table
        assert part
        write_records(part_path, second, LAYOUT, [right[row] for row in sorted(right)])  # type: ignore[arg-type]
        part = read_file(part_path, LAYOUT).table
        assert part
    replaced = replaced_rows(part, before, [checked.refused], LAYOUT)
    assert replaced == sorted(right)
    whole = put_in(part, before, replaced)
    assert from_document(json.loads(json.dumps(as_document(whole)))) == whole
    assert outcome(check_table(wanted.file, whole, LAYOUT, environment=True)) == outcome(wanted)


TEN = [record(number) for number in range(10)]
BAD = [spoilt(row, "date") if number in (2, 5, 8) else row for number, row in enumerate(TEN)]
BEFORE, FAULTY = table(BAD), [{4, 7, 10}]


@pytest.mark.parametrize(
    ("rows", "replaced"),
    [
        pytest.param([TEN[2], TEN[5], TEN[8]], [4, 7, 10], id="all of them"),
        pytest.param([TEN[8], TEN[2], TEN[5]], [10, 4, 7], id="sorted otherwise"),
        pytest.param([TEN[2], TEN[8]], [4, 10], id="one left out stays as it was"),
        pytest.param([TEN[2], record(5, PersoonExternId="Q5"), TEN[8]], [4, 7, 10], id="a key corrected"),
        pytest.param([TEN[8], record(5, PersoonExternId="Q5"), TEN[2]], [10, 7, 4], id="a key corrected, and sorted"),
        pytest.param([record(2, PersoonExternId="Q2"), record(5, PersoonExternId="Q5"), TEN[8]], [4, 7, 10], id="two"),
        pytest.param([record(n, PersoonExternId=f"Q{n}") for n in (2, 5, 8)], [4, 7, 10], id="all keys corrected"),
        pytest.param([record(2, PersoonExternId="p2")], [4], id="a key in another spelling"),
        pytest.param(
            [TEN[8], record(5, PersoonExternId="Q5"), record(2, PersoonExternId="Q2")], None, id="two, sorted"
        ),
        pytest.param([record(2, PersoonExternId="Q2"), TEN[8]], None, id="a key corrected, and one left out"),
        pytest.param([TEN[2], TEN[3]], None, id="a record that had no fault"),
        pytest.param([TEN[2], TEN[5], TEN[8], record(11)], None, id="a new record"),
        pytest.param(
            [record(21), record(22, PersoonGeboortedatum="03-03-1990"), record(23)], None, id="others, as many"
        ),
        pytest.param([TEN[2], TEN[2]], None, id="one twice"),
        pytest.param([], None, id="none"),
        pytest.param(TEN, None, id="the whole file"),
    ],
)
def test_a_part_is_recognised_beyond_doubt_or_not_at_all(rows: list[list[str]], replaced: list[int] | None):
    if rows and rows[0][ID].startswith("P21"):
        rows = [[cell if index in (ID, NAME) else "anders" for index, cell in enumerate(row)] for row in rows]
    assert replaced_rows(table(rows), BEFORE, FAULTY, LAYOUT) == replaced


def test_of_a_file_with_faults_in_all_records_a_part_may_have_fewer():
    before = table([spoilt(row, "date") for row in TEN])
    assert replaced_rows(table(TEN[:9]), before, [range(2, 12)], LAYOUT) == list(range(2, 11))


def test_a_part_of_a_part_replaces_what_any_version_told_of():
    part = table([TEN[2], BAD[5], TEN[8]])
    whole = put_in(part, BEFORE, [4, 7, 10])
    assert whole.rows[5] == BAD[5]
    assert replaced_rows(table([TEN[5]]), whole, [{7}, {4, 7, 10}], LAYOUT) == [7]
    again = table([TEN[2], TEN[5], TEN[8]])  # the first one once more
    assert replaced_rows(again, whole, [{7}, {4, 7, 10}], LAYOUT) == [4, 7, 10]


def test_a_record_with_a_cell_too_many_is_replaced_in_its_place(tmp_path: Path):
    path = tmp_path / "personen.csv"
    write_records(path, "csv", LAYOUT, TEN)
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    lines[4] = lines[4].replace(";Bedrijf 3;", ";Bedrijf; 3;")
    path.write_text("".join(lines), encoding="utf-8")
    checked, before = check_file(path, LAYOUT, environment=True)
    assert before
    assert checked.refused == {5}
    for suffix in (".csv", ".xlsx"):
        assert write_rejected(tmp_path / f"deel{suffix}", checked, before, LAYOUT) == (suffix == ".csv")
    part = table([TEN[3]])
    replaced = replaced_rows(part, before, [checked.refused], LAYOUT)
    assert replaced == [5]
    assert put_in(part, before, replaced) == table(TEN)


def test_a_part_with_a_fault_of_the_file_is_none():
    part = table([TEN[2]])
    assert replaced_rows(part, BEFORE, FAULTY, LAYOUT) == [4]
    assert replaced_rows(part._replace(headers=part.headers[:-1]), BEFORE, FAULTY, LAYOUT) is None
    assert replaced_rows(part._replace(records=2), BEFORE, FAULTY, LAYOUT) is None


def test_what_a_workbook_tells_of_cells_goes_with_their_records():
    part = table([TEN[2], TEN[8]])._replace(notes={BORN: {1: 16}})
    before = BEFORE._replace(notes={BORN: {0: 2, 2: 4, 9: 2}, ID: {2: 1}})
    assert put_in(part, before, [4, 10]).notes == {BORN: {0: 2, 8: 16, 9: 2}}
    assert check_table(FACTS, put_in(part, before, [4, 10]), LAYOUT, environment=True).record_count == 10
