"""What must hold of whatever is read, however mutilated the file."""

from pathlib import Path

from tests.core.hostile.small_layout import small_layout

from instroom.core.findings import CATALOGUE
from instroom.core.intake.examine import examine
from instroom.core.model import Finding, Limits, Table
from instroom.core.read import read


def read_soundly(path: Path, content: bytes, name: str, limits: Limits | None = None) -> tuple[list[Finding], Table]:
    """Examine and read a file with this content: its findings, and a table that holds together."""
    path.write_bytes(content)
    facts, faults = examine(path, name, limits)
    rejected = any(fault.severity == "error" for fault in faults)
    table = Table([], [], [], {}, [], 0) if rejected else read(path, facts, small_layout(), limits)
    assert_sound(table)
    findings = faults + table.findings
    assert {finding.code for finding in findings} <= CATALOGUE.keys()
    return findings, table


def assert_sound(table: Table) -> None:
    """Each row has a place, lower than the one before, and the width of the headers; none where nothing is certain."""
    assert len(table.rows) == len(table.places) <= table.records
    assert all(len(row) == len(table.headers) for row in table.rows)
    assert all(earlier < later for earlier, later in zip(table.places, table.places[1:], strict=False))
    assert all(0 <= row < len(table.rows) for cells in table.notes.values() for row in cells)
    refused = {item.code for item in table.findings if item.severity == "error"}
    refused = {code for code in refused if CATALOGUE[code].scope == "file"}
    assert refused <= {"csv-quote", "xml-structure"} or not table.rows
