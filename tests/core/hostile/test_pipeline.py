"""From a file to its check: what stops where, and what comes out."""

from pathlib import Path

import pytest
from tests.core.hostile.small_layout import HEADER_LINE, small_layout
from tests.core.hostile.workbooks import small_workbook

from instroom.core.model import Limits
from instroom.core.pipeline import check_file

RECORDS = "1;HR;Een BV;10;HR;Jansen\n2;HR;Twee BV;;;\n"


def write(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "levering.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_clean_file(tmp_path: Path) -> None:
    checked, table = check_file(write(tmp_path, f"{HEADER_LINE}\n{RECORDS}"), small_layout())
    assert (checked.verdict, checked.rejected, checked.findings) == ("clean", False, [])
    assert (checked.record_count, checked.company_count, checked.person_count) == (2, 2, 1)
    assert (checked.file.name, checked.file.format, checked.layout) == ("levering.csv", "csv", "standard/1")
    assert table is not None
    assert table.places == [2, 3]


def test_what_intake_refuses_is_not_read(tmp_path: Path) -> None:
    checked, table = check_file(write(tmp_path, "%PDF-1.7"), small_layout())
    assert (checked.verdict, checked.rejected) == ("errors", True)
    assert [finding.code for finding in checked.findings] == ["file-format-unknown"]
    assert (checked.records, checked.record_count) == ([], 0)
    assert table is None


def test_what_the_reader_refuses_keeps_what_is_known(tmp_path: Path) -> None:
    content = f'{HEADER_LINE}\n{RECORDS}3;HR;"x"y;;;\n'
    checked, table = check_file(write(tmp_path, content), small_layout())
    assert checked.rejected
    assert [finding.code for finding in checked.findings] == ["csv-quote"]
    assert (checked.records, checked.record_count) == ([], 3)
    assert table is not None
    assert table.places == [2, 3]


def test_warnings_of_intake_stay_beside_all_others(tmp_path: Path) -> None:
    content = f"{HEADER_LINE}\n{RECORDS}\n;;;11;HR; de Vries\n"
    checked, _ = check_file(write(tmp_path, content), small_layout(), name="levering.xlsx")
    codes = [(finding.code, finding.row) for finding in checked.findings]
    assert codes == [("file-format-mismatch", None), ("row-blank", 4), ("value-whitespace", 5)]
    assert not checked.rejected


def test_limits_hold_on_the_whole_way(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER_LINE}\n{RECORDS}")
    for limits, code in ((Limits(file_bytes=10), "file-too-large"), (Limits(records=1), "rows-too-many")):
        checked, _ = check_file(path, small_layout(), limits=limits)
        assert [finding.code for finding in checked.findings] == [code]


@pytest.mark.parametrize("title", ["Personeel 2024", "Personeel;;;;;", ""])
def test_a_header_further_down_is_pointed_out(tmp_path: Path, title: str) -> None:
    checked, _ = check_file(write(tmp_path, f"{title}\n{HEADER_LINE}\n{RECORDS}"), small_layout())
    assert [(finding.code, finding.facts.get("found_row")) for finding in checked.findings] == [("header-missing", 2)]


def test_the_three_formats_say_the_same(tmp_path: Path) -> None:
    root = '<Instroom layout="standard/1"><Regel><Bedrijf>'
    fields = "<ExternId>1</ExternId><ExternSource>HR</ExternSource><Naam>Een BV</Naam>"
    files = [f"{HEADER_LINE}\n1;HR;Een BV;;;\n", small_workbook(), f"{root}{fields}</Bedrijf></Regel></Instroom>"]
    records = []
    for content in files:
        checked, _ = check_file(write(tmp_path, content), small_layout(), name="levering")
        assert checked.findings == []
        records.append([(record.company, record.person) for record in checked.records])
    assert records[0] == records[1] == records[2]
    assert len(records[0]) == 1


def test_a_file_that_is_not_there_is_no_finding(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check_file(tmp_path / "levering.csv", small_layout())
