"""A file that was cut off at any byte on its way here."""

from pathlib import Path

import pytest
from tests.core.fuzz.seeds import CSV_FILES, XML_FILES, whole_workbook
from tests.core.fuzz.sound import read_soundly

from instroom.core.findings import CATALOGUE


def refusals(path: Path, content: bytes, name: str) -> set[str]:
    findings, _ = read_soundly(path, content, name)
    return {item.code for item in findings if item.severity == "error" and CATALOGUE[item.code].scope == "file"}


@pytest.mark.parametrize("whole", XML_FILES, ids=["utf-8", "utf-16", "windows-1252"])
def test_xml(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "ontvangen"
    assert refusals(path, whole, "a.xml") == set()
    for length in range(4, len(whole)):
        assert refusals(path, whole[:length], "a.xml") == {"file-damaged"}, length
    for length in range(4):
        assert refusals(path, whole[:length], "a.xml"), length


def test_xlsx(tmp_path: Path) -> None:
    whole, path = whole_workbook(), tmp_path / "ontvangen"
    assert refusals(path, whole, "a.xlsx") == set()
    assert refusals(path, b"", "a.xlsx") == {"file-empty"}
    for length in range(1, len(whole)):
        assert refusals(path, whole[:length], "a.xlsx") == {"file-damaged"}, length


@pytest.mark.parametrize("whole", CSV_FILES[:3], ids=["CRLF", "byte order mark", "CR"])
def test_csv_does_not_show_it_but_loses_only_what_was_cut(tmp_path: Path, whole: bytes) -> None:
    """Nothing in a CSV file says where it ends: what is read is the beginning of what would have been."""
    path = tmp_path / "ontvangen"
    _, complete = read_soundly(path, whole, "a.csv")
    for length in range(whole.index(b"1;HR"), len(whole)):
        _, table = read_soundly(path, whole[:length], "a.csv")
        before_the_last = table.rows[:-1]
        assert before_the_last == complete.rows[: len(before_the_last)], length
        assert table.places == complete.places[: len(table.places)], length
