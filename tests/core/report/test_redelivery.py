"""An annotated workbook can be corrected and delivered again: read back, it holds the supplier's own cells."""

from pathlib import Path

import pytest
from tests.core.report.deliveries import LAYOUT, TRICKS, row

from instroom.core.model import FileFormat, Table
from instroom.core.pipeline import check_file
from instroom.core.report.annotated import write_annotated
from instroom.core.write.delivery_file import write_records

KEYS = {"PersoonExternSource": "HR", "PersoonAchternaam": "Voorbeeld"}
CLEAN = [
    row(PersoonExternId="0012", PersoonOpmerking='regel 1\nregel 2; "x"', PersoonGeboortedatum="01-02-1980", **KEYS),
    row(PersoonExternId="P2", PersoonMobiel="0612345678", PersoonPriveHuisnummer="007", **KEYS),
]
FAULTY = [row(PersoonExternId=f"P{n}", PersoonMobiel=text, **KEYS) for n, text in enumerate(TRICKS)]
FAULTY += [row(PersoonExternId="P1", PersoonGeboortedatum="31-02-1980", **KEYS), row(PersoonOpmerking=" los \x07 ")]


def _annotated(delivery: Path, target: Path) -> Table:
    checked, table = check_file(delivery, LAYOUT)
    assert table is not None
    write_annotated(target, checked, table, LAYOUT)
    return table


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "xml"])
@pytest.mark.parametrize("rows", [CLEAN, FAULTY], ids=["clean", "faulty"])
def test_read_back_it_holds_the_same_cells(tmp_path: Path, rows: list[list[str]], file_format: FileFormat) -> None:
    """At the same places, and nothing of ours is taken for data."""
    delivery, target = tmp_path / f"delivery.{file_format}", tmp_path / "annotated.xlsx"
    write_records(delivery, file_format, LAYOUT, rows)
    delivered = _annotated(delivery, target)
    again, table = check_file(target, LAYOUT)
    assert table is not None
    assert (table.headers, table.rows, table.notes) == (list(LAYOUT.headers), delivered.rows, {})
    assert not {finding.code for finding in again.findings} & {"xlsx-hidden", "xlsx-sheets", "row-blank"}
    lower = 1 if file_format == "xml" else 0
    assert table.places == [place + lower for place in delivered.places]


def test_blank_rows_stay_where_they_are(tmp_path: Path) -> None:
    """So that the numbers in the report stay right."""
    delivery, target = tmp_path / "delivery.csv", tmp_path / "annotated.xlsx"
    write_records(delivery, "csv", LAYOUT, [CLEAN[0], row(), row(), CLEAN[1]])
    delivered = _annotated(delivery, target)
    again, table = check_file(target, LAYOUT)
    assert table is not None
    assert table.places == delivered.places == [2, 5]
    assert [(finding.code, finding.row) for finding in again.findings] == [("row-blank", 3)]


def test_a_record_of_another_width_is_refused_again(tmp_path: Path) -> None:
    """Until somebody has looked at it: its values may stand in the wrong columns."""
    delivery, target = tmp_path / "delivery.csv", tmp_path / "annotated.xlsx"
    write_records(delivery, "csv", LAYOUT, [CLEAN[0], [*CLEAN[1], "", "x"]])
    delivery.write_bytes(delivery.read_bytes() + b"P9;HR")
    _annotated(delivery, target)
    again, _ = check_file(target, LAYOUT)
    assert {finding.row for finding in again.findings if finding.severity == "error"} == {3, 4}


def test_the_summary_of_a_rejected_file_is_no_delivery(tmp_path: Path) -> None:
    """A workbook with nothing but our own sheet."""
    delivery, target = tmp_path / "delivery.csv", tmp_path / "annotated.xlsx"
    delivery.write_bytes(b"%PDF-1.7")
    checked, table = check_file(delivery, LAYOUT)
    write_annotated(target, checked, table, LAYOUT)
    again, _ = check_file(target, LAYOUT)
    assert again.rejected
