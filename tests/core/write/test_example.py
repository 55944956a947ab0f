"""The examples can be delivered as they are, in every format, and show what a delivery can hold (product.md A7)."""

import tomllib
from pathlib import Path

import pytest

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.layout.own_layouts import load
from instroom.core.layout.standard import standard
from instroom.core.model import FileFormat, Policies, Record
from instroom.core.pipeline import check_file
from instroom.core.write import example
from instroom.core.write.delivery_file import write_records
from instroom.core.write.example import example_rows
from instroom.core.write.templates import write_template

MARKER = load(Path(__file__).parents[2] / "deliveries" / "marker-layout" / "marker.v1.toml")
FOLDER = Path(example.__file__).parent
CHANGES = "example-changes.toml"
FORMATS: list[FileFormat] = ["csv", "xlsx", "xml"]


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("policies", [Policies(), Policies(blank="clear")], ids=["leave", "clear"])
@pytest.mark.parametrize("layout", [standard(), MARKER], ids=lambda layout: layout.name)
def test_the_example_is_clean(
    tmp_path: Path, file_format: FileFormat, lang: Language, policies: Policies, layout: Layout
) -> None:
    target = tmp_path / f"voorbeeld.{file_format}"
    write_template(target, layout, file_format, example=True, lang=lang)
    checked, table = check_file(target, layout, policies)
    assert checked.findings == []
    assert table is not None
    assert (table.headers, table.rows) == (list(layout.headers), example_rows(layout))


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_empty_template_lacks_records_and_nothing_else(tmp_path: Path, file_format: FileFormat) -> None:
    target = tmp_path / f"sjabloon.{file_format}"
    write_template(target, standard(), file_format, example=False)
    checked, _ = check_file(target, standard())
    assert [item.code for item in checked.findings if item.severity != "notice"] == ["rows-none"]


def test_it_is_written_under_the_headers_of_the_newest_standard_layout() -> None:
    first, changes = (tomllib.loads((FOLDER / name).read_text("utf-8")) for name in ("example.toml", CHANGES))
    written = [*first["records"], *changes["records"], *changes["changed"].values()]
    assert {header for record in written for header in record} <= set(standard().headers)


def records(tmp_path: Path, changes: bool) -> list[Record]:
    target = tmp_path / "voorbeeld.csv"
    write_records(target, "csv", standard(), example_rows(standard(), changes))
    checked, _ = check_file(target, standard())
    assert checked.findings == []
    return checked.records


def test_the_example_shows_what_a_delivery_can_hold(tmp_path: Path) -> None:
    example = records(tmp_path, changes=False)
    companies = [record.company.key for record in example if record.company]
    assert len(companies) > len(set(companies))  # several persons of one company
    assert any(record.company and record.company.alone for record in example)
    assert any(record.company and not record.person for record in example)
    assert any(record.person and not record.company for record in example)
    parts = [part for record in example for part in (record.company, record.person) if part]
    assert any(part.categories for part in parts)
    assert any(len(part.free_fields) > 1 for part in parts)
    assert any("\n" in (value or "") for part in parts for value in part.fields)
    assert any(part.extern_id.startswith("0") for part in parts)


def test_the_second_example_shows_each_kind_of_change(tmp_path: Path) -> None:
    before = {record.person.key: record for record in records(tmp_path, changes=False) if record.person}
    after = {record.person.key: record for record in records(tmp_path, changes=True) if record.person}
    both = [(before[key], after[key]) for key in before if key in after]
    links = [(old.company and old.company.key, new.company and new.company.key) for old, new in both]
    assert [old and new and old != new for old, new in links].count(True) == 1  # moved to another company
    assert [old is not None and new is None for old, new in links].count(True) == 1  # a private person now
    assert sum(old.person == new.person for old, new in both) >= 2  # the same as they were
    assert sum(old.company == new.company and old.person != new.person for old, new in both) == 1  # changed
    assert (len(after.keys() - before.keys()), len(before.keys() - after.keys())) == (1, 1)  # new, and not delivered
