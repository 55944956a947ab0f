"""The document of `check --format json`: a contract, key by key."""

import io
import json
from typing import Any

from tests.core.report.deliveries import EVIL, FILE, LAYOUT, MIXED, checked

from instroom.core.findings import finding
from instroom.core.model import Checked
from instroom.core.report.json_report import dump, report_json


def _dumped(done: Checked) -> str:
    stream = io.StringIO()
    dump(done, LAYOUT, "nl", stream)
    return stream.getvalue()


def test_the_document_is_the_contract() -> None:
    """All keys, in their order, and nothing else."""
    done = checked([finding("company-conflict", 7, "BedrijfExternId", None, (3, 5))])
    assert report_json(done, LAYOUT) == {
        "file": {"name": "personen.csv", "format": "csv", "bytes": 1234, "sha256": "ab" * 32},
        "layout": "standard/1",
        "verdict": "errors",
        "counts": {"records": 12, "companies": 3, "persons": 8, "errors": 1, "warnings": 0, "notices": 0},
        "findings": [
            {
                "code": "company-conflict",
                "severity": "error",
                "row": 7,
                "column": "BedrijfExternId",
                "value": None,
                "other_rows": [3, 5],
                "message": "Hetzelfde bedrijf staat ook op regel 3 en 5, met andere gegevens.",
                "remedy": "Niet te zien is welke kloppen: er is geen meerderheid."
                " Maak de gegevens van het bedrijf op elke regel gelijk.",
            }
        ],
    }


def test_what_was_probably_meant_is_said_where_it_is_known() -> None:
    facts = {"problem": "swapped", "likely": "13-02-1985"}
    done = checked([finding("value-date", 2, "PersoonGeboortedatum", "1985/13/02", facts=facts)])
    for document in (report_json(done, LAYOUT), json.loads(_dumped(done))):
        assert list(document["findings"][0])[-2:] == ["remedy", "likely"]
        assert document["findings"][0]["likely"] == "13-02-1985"


def test_at_file_scope_row_and_column_are_null() -> None:
    """And the format is, where the file is none of the three."""
    done = checked([finding("file-encrypted")], file=FILE._replace(format=None))
    document = report_json(done, LAYOUT, "en")
    assert document["file"]["format"] is None
    assert (document["findings"][0]["row"], document["findings"][0]["column"]) == (None, None)
    assert document["findings"][0]["message"] == "The workbook is protected with a password and cannot be read."


def test_a_column_without_a_header_is_null() -> None:
    """The message names its letter."""
    done = checked([finding("column-added", 1, "", "", facts={"found": "", "position": 109, "letter": "DE"})])
    found = report_json(done, LAYOUT)["findings"][0]
    assert found["column"] is None
    assert "DE" in found["message"]


def test_streaming_writes_the_same_document() -> None:
    """With findings and without; in the same order of keys."""
    for done in (MIXED, checked([])):
        assert json.loads(_dumped(done)) == report_json(done, LAYOUT)
        assert list(json.loads(_dumped(done))) == ["file", "layout", "verdict", "counts", "findings"]


def test_values_come_whole_and_can_do_no_harm() -> None:
    """The value as the file has it, but in a text of plain ASCII without control characters."""
    value = EVIL + "\x1b[2J\u202e\x00é" + "x" * 40_000
    text = _dumped(checked([finding("value-phone", 2, "PersoonMobiel", value)]))
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert json.loads(text)["findings"][0]["value"] == value


def test_many_findings_are_written_piece_by_piece() -> None:
    """No piece grows with the number of findings."""

    class Longest:
        def __init__(self) -> None:
            self.longest = self.total = 0

        def write(self, text: str, /) -> Any:
            self.longest, self.total = max(self.longest, len(text)), self.total + len(text)

    stream = Longest()
    dump(checked([finding("value-phone", 2, "PersoonMobiel", "06")] * 20_000), LAYOUT, "nl", stream)
    assert stream.total > 20_000 * 100
    assert stream.longest < 1_000
