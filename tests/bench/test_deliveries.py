"""The made-up deliveries of the benchmarks: big enough, realistic, and the same at each run."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from bench import deliveries
from instroom.core.layout.standard import standard
from instroom.core.pipeline import check_file


@pytest.fixture(scope="module")
def first() -> deliveries.Delivery:
    return deliveries.first(2000)


def test_a_delivery_has_the_asked_number_of_records_and_is_the_same_each_time(first: deliveries.Delivery) -> None:
    assert len(first.rows) == 2000
    assert first == deliveries.first(2000)


def test_about_37_percent_of_the_cells_are_filled(first: deliveries.Delivery) -> None:
    rows = list(deliveries.table(first))
    assert {len(cells) for cells in rows} == {108}
    assert 0.35 < sum(map(bool, (cell for cells in rows for cell in cells))) / (108 * len(rows)) < 0.40


def test_companies_have_one_to_thirty_persons_and_some_persons_have_none(first: deliveries.Delivery) -> None:
    staff = Counter(row.company for row in first.rows if row.person is not None)
    assert staff.pop(None) == 80
    assert 15 <= max(staff.values()) <= 30
    assert 1 in staff.values()


def test_three_percent_of_the_records_differ_in_the_changed_delivery(first: deliveries.Delivery) -> None:
    after = deliveries.changed(first)
    pairs = zip(deliveries.table(first), deliveries.table(after), strict=True)
    assert 0.02 < sum(old != new for old, new in pairs) / 2000 < 0.04
    assert any(old.company and not new.company for old, new in zip(first.rows, after.rows, strict=True))
    assert len(after.persons) > len(first.persons)


def test_the_csv_holds_the_rows(first: deliveries.Delivery, tmp_path: Path) -> None:
    target = tmp_path / "first.csv"
    deliveries.write(first, target)
    with target.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream, delimiter=";")
    assert tuple(header) == standard().headers
    assert rows == list(deliveries.table(first))


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "xml"])
@pytest.mark.parametrize("name", ["first", "changed"])
def test_the_check_finds_nothing_in_them(name: str, suffix: str, tmp_path: Path) -> None:
    before = deliveries.first(300)
    target = tmp_path / f"{name}.{suffix}"
    deliveries.write(before if name == "first" else deliveries.changed(before), target)
    checked, _ = check_file(target, standard())
    assert [finding for finding in checked.findings if finding.severity != "notice"] == []
    assert (checked.record_count, checked.company_count) == (300, len({row.company for row in before.rows} - {None}))
