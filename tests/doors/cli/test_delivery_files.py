"""The answer to a delivery in the form that it had (product.md C4), with what only live could tell (D2)."""

import re
from pathlib import Path

import openpyxl
import pytest
from tests.commands import Run
from tests.doors.cli.conftest import WriteCsv
from tests.doors.cli.records import BAD_DATE, GOOD

from instroom.core.layout.standard import standard

UNKNOWN = GOOD | {"PersoonExternId": "P-9", "BedrijfExternId": "C-9", "BedrijfExternSource": "HR"}
FAULTY = BAD_DATE | {"PersoonExternId": "P-2"}
FILES = ("--annotate", "a.xlsx", "--rejected", "r.csv", "--report", "f.csv")


@pytest.fixture
def ready(run: Run) -> Run:
    """A database with the customer demo."""
    assert run("init", "--demo").code == 0
    return run


def comments(path: Path) -> dict[str, str]:
    """The comments of the first sheet of a workbook, by cell."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}


def keys(path: Path) -> list[str]:
    """The ExternId of the persons in a CSV file."""
    at = standard().headers.index("PersoonExternId")
    return [line.split(";")[at] for line in path.read_text("utf-8-sig").splitlines()[1:]]


def test_a_rejected_delivery_is_answered_with_what_live_says(ready: Run, csv_file: WriteCsv) -> None:
    document = ready("deliver", csv_file(GOOD, UNKNOWN, FAULTY), "--format", "json").document
    shown = ready("show", document["id"], *FILES)
    assert shown.code == 0 and shown.err.splitlines() == [f"Geschreven: {name}" for name in FILES[1::2]]
    said = comments(ready.folder / "a.xlsx")
    assert "C-9" in said["A3"] and any("31-02-1980" in text for text in said.values())
    assert keys(ready.folder / "r.csv") == ["P-9", "P-2"]
    told = (ready.folder / "f.csv").read_text("utf-8-sig")
    assert "company-unknown" in told and "value-date" in told


def test_the_rejected_records_are_those_that_the_plan_leaves_out(ready: Run, csv_file: WriteCsv) -> None:
    """A repetition is left out too, and there is nothing to correct in it."""
    path = csv_file(GOOD, GOOD, UNKNOWN, FAULTY)
    ran = ready("deliver", path, "--on-error", "skip", "--skip-limit", "90", "--format", "json", "--rejected", "r.csv")
    assert (ran.code, ran.document["state"], ran.document["live"]["left_out"]) == (0, "awaiting-approval", 3)
    assert keys(ready.folder / "r.csv") == ["P-9", "P-2"]


def test_a_warning_about_what_is_stored_stands_in_the_workbook(ready: Run, csv_file: WriteCsv) -> None:
    """A person who loses a company (B2)."""
    company = {"BedrijfExternId": "C-1", "BedrijfExternSource": "HR", "BedrijfNaam": "Voorbeeld BV"}
    first = ready("deliver", csv_file(GOOD | company), "--format", "json").document
    ready("approve", first["id"])
    ran = ready("deliver", csv_file(GOOD), "--annotate", "a.xlsx", "--lang", "en")
    assert ran.code == 0 and "Written: a.xlsx" in ran.err
    assert [text for text in comments(ready.folder / "a.xlsx").values() if "C-1" in text]


def test_the_text_says_how_to_get_the_file_back(ready: Run, csv_file: WriteCsv) -> None:
    ran = ready("deliver", csv_file(FAULTY), "--lang", "en")
    assert re.search(r"^File with its errors marked: +instroom show .* --annotate out\.xlsx$", ran.out, re.MULTILINE)
    assert "--annotate" not in ready("deliver", csv_file(GOOD)).out


def test_a_file_with_bsn_is_gone_and_nothing_offers_it(ready: Run, csv_file: WriteCsv) -> None:
    path = csv_file(GOOD | {"PersoonOpmerking": "BSN 123456782"})
    ran = ready("deliver", path, "--annotate", "a.xlsx", "--lang", "en")
    assert ran.code == 1 and "column-bsn" in ran.out and "there is no report with its rows" in ran.err
    assert "--corrects" in ran.out and "--annotate" not in ran.out and "123456782" not in ran.out + ran.err
    assert not (ready.folder / "a.xlsx").exists()


def test_without_rejected_records_that_is_said(ready: Run, csv_file: WriteCsv) -> None:
    ran = ready("deliver", csv_file(GOOD), "--rejected", "r.csv")
    assert ran.code == 0 and "geen afgekeurde regels" in ran.err and not (ready.folder / "r.csv").exists()


def test_a_wrong_target_stops_before_the_delivery(ready: Run, csv_file: WriteCsv) -> None:
    path = csv_file(GOOD)
    for name, code in (("uit.csv", "suffix"), ("niet/er.xlsx", "no-such-folder")):
        ran = ready("deliver", path, "--annotate", name, "--format", "json")
        assert (ran.code, ran.document["error"]["code"]) == (2, code)
    assert ready("deliver", path, "--report", path, "--format", "json").document["error"]["code"] == "same-file"
    assert ready("deliveries", "--format", "json").document["deliveries"] == []


def test_a_delivery_stands_where_its_report_cannot_be_written(ready: Run, csv_file: WriteCsv) -> None:
    ran = ready("deliver", csv_file(GOOD), "--report", "/proc/uit.csv", "--format", "json")
    assert (ran.code, ran.document["state"]) == (2, "awaiting-approval")
    assert "/proc/uit.csv" in ran.err
    shown = ready("show", ran.document["id"], "--report", "/proc/uit.csv", "--format", "json")
    assert (shown.code, shown.document["error"]["code"]) == (2, "not-writable")


def test_a_file_that_is_no_table_is_answered_too(ready: Run) -> None:
    """With a workbook that holds the summary alone."""
    (ready.folder / "x.csv").write_bytes(b"%PDF-1.7 ...")
    ran = ready("deliver", "x.csv", *FILES)
    assert ran.code == 1 and not (ready.folder / "r.csv").exists()
    assert openpyxl.load_workbook(ready.folder / "a.xlsx").sheetnames == ["Samenvatting"]


def test_an_undo_has_no_file(ready: Run, csv_file: WriteCsv) -> None:
    first = ready("deliver", csv_file(GOOD), "--format", "json").document
    ready("approve", first["id"])
    undoing = ready("undo", first["id"], "--format", "json").document
    ran = ready("show", undoing["id"], "--annotate", "a.xlsx", "--format", "json")
    assert (ran.code, ran.document["error"]["code"]) == (1, "not-allowed")
    assert "zonder bestand" in ran.err and not (ready.folder / "a.xlsx").exists()
