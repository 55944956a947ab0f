"""A layout with marker columns and repeated headers goes through the same code as the standard one (product.md A8).

Each delivery here has its expected findings beside it, as `instroom check --format json` would give them without the
sentences.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from instroom.core.layout.own_layouts import load
from instroom.core.model import Checked, FileFormat
from instroom.core.pipeline import check_file
from instroom.core.write.delivery_file import write_records
from instroom.core.write.example import example_rows

HERE = Path(__file__).parent
LAYOUT = load(HERE / "marker.v1.toml")
DELIVERIES = sorted([*HERE.glob("*.csv"), *HERE.glob("*.xml")])


def as_expected(checked: Checked) -> dict[str, Any]:
    findings = [
        {"code": item.code, "severity": item.severity, "row": item.row, "column": item.column, "value": item.value}
        | ({"other_rows": list(item.other_rows)} if item.other_rows else {})
        for item in checked.findings
    ]
    counts = [checked.record_count, checked.company_count, checked.person_count]
    return {"layout": checked.layout, "verdict": checked.verdict, "counts": counts, "findings": findings}


@pytest.mark.parametrize("delivery", DELIVERIES, ids=lambda path: path.name)
def test_a_delivery_has_the_expected_findings(delivery: Path) -> None:
    checked, _ = check_file(delivery, LAYOUT)
    expected = json.loads(delivery.with_name(f"{delivery.name}.expected.json").read_text(encoding="utf-8"))
    assert as_expected(checked) == expected


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "xml"])
def test_what_we_write_in_this_layout_is_read_as_it_was(tmp_path: Path, file_format: FileFormat) -> None:
    target = tmp_path / f"uit.{file_format}"
    write_records(target, file_format, LAYOUT, example_rows(LAYOUT))
    checked, table = check_file(target, LAYOUT)
    assert table is not None
    assert (table.headers, table.rows) == (list(LAYOUT.headers), example_rows(LAYOUT))
    assert checked.findings == []


def test_the_same_records_in_a_workbook_have_the_same_findings(tmp_path: Path) -> None:
    in_csv, table = check_file(HERE / "faults.csv", LAYOUT)
    assert table is not None
    write_records(tmp_path / "faults.xlsx", "xlsx", LAYOUT, table.rows)
    in_workbook, _ = check_file(tmp_path / "faults.xlsx", LAYOUT)
    assert as_expected(in_workbook) == as_expected(in_csv)


def test_a_repeated_header_is_told_apart_by_the_marker_before_it() -> None:
    labels = [column.label for column in LAYOUT.columns if column.header == "ExternId"]
    assert labels == ["BEDRIJF ExternId", "PERSOON ExternId"]
