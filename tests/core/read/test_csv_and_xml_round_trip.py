"""What our own writers write, the readers read as it was: any text in any cell."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.hostile.small_layout import small_layout

from instroom.core.layout.loader import Layout
from instroom.core.layout.own_layouts import load
from instroom.core.layout.standard import standard
from instroom.core.model import Limits, Table
from instroom.core.read.from_csv import read_csv
from instroom.core.read.from_xml import read_xml
from instroom.core.read.gathering import has_value
from instroom.core.write.to_csv import write_csv
from instroom.core.write.to_xml import write_xml

NASTY = "\";\r\n\t ,<>&'=\0\x1c\x85\u2028\ufeff\u00a0é😀"
csv_text = st.text(st.sampled_from(NASTY) | st.characters(exclude_categories=["Cs"]), max_size=8)
xml_text = st.text(
    st.sampled_from(NASTY.replace("\0", "").replace("\x1c", ""))
    | st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    max_size=8,
)


def rows_of(text: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.lists(text, min_size=6, max_size=6), max_size=5)


def records(rows: Sequence[list[str]]) -> list[list[str]]:
    return [row for row in rows if has_value(row)]


@given(rows_of(csv_text))
def test_csv(rows: list[list[str]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "levering.csv"
        write_csv(path, small_layout(), rows)
        table = read_csv(path, small_layout(), Limits())
    assert table.rows == records(rows)
    assert {finding.code for finding in table.findings} <= {"row-blank"}
    assert table.places == [place for place, row in enumerate(rows, 2) if has_value(row)]


@given(rows_of(xml_text))
def test_xml(rows: list[list[str]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "levering.xml"
        write_xml(path, small_layout(), rows)
        table = read_xml(path, small_layout(), Limits())
    assert table.rows == records(rows)
    assert {finding.code for finding in table.findings} <= {"row-blank"}
    assert table.places == [place for place, row in enumerate(rows, 1) if has_value(row)]


LAYOUTS = {
    "standard": standard(),
    "markers": load(Path(__file__).parents[2] / "deliveries" / "marker-layout" / "marker.v1.toml"),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_whole_layouts(tmp_path: Path, layout: Layout) -> None:
    rows = [["" if column.block == "marker" else f"{n} {column.label}" for column in layout.columns] for n in range(3)]
    tables: list[Table] = []
    for name, write, read in (("a.csv", write_csv, read_csv), ("a.xml", write_xml, read_xml)):
        write(tmp_path / name, layout, rows)
        tables.append(read(tmp_path / name, layout, Limits()))
    assert [table.rows for table in tables] == [rows, rows]
    assert [table.headers for table in tables] == [list(layout.headers)] * 2
    assert [table.findings for table in tables] == [[], []]
