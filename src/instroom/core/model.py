"""The frozen records that travel through the pipeline. Facts only: sentences are made in `report`."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from instroom.core.fields import Kind
from instroom.core.keys import Key
from instroom.core.xlsx.cell_note import CellNote

Severity = Literal["error", "warning", "notice"]
Verdict = Literal["clean", "warnings", "errors"]
FileFormat = Literal["csv", "xlsx", "xml"]
Pair = tuple[str, str]


class Policies(NamedTuple):
    """What a connection, or else a delivery, may choose (product.md B6, C3)."""

    blank: Literal["leave", "clear"] = "leave"
    on_error: Literal["whole", "skip"] = "whole"
    skip_limit_percent: int = 10
    """Under `skip`: more records left out than this share of all rejects the delivery."""
    nothing_words: Literal["keep", "blank"] = "keep"
    """What a word for nothing is read as, such as NULL or n.v.t.: itself, or a blank cell."""


class Limits(NamedTuple):
    """How much a file may ask of us. A file over a limit is a finding, not a crash."""

    file_bytes: int = 64 * 1024 * 1024
    records: int = 10_000
    cell_characters: int = 32_767  # what a spreadsheet cell holds
    unpacked_bytes: int = 256 * 1024 * 1024  # all parts of a workbook together
    part_ratio: int = 400  # unpacked : packed of one part; real sheets stay under 60
    xml_depth: int = 32
    columns: int = 16_384


class Finding(NamedTuple):
    """One fault, or one thing worth knowing, in a file (product.md C1, C2)."""

    code: str
    severity: Severity
    row: int | None = None
    """As the spreadsheet shows it: the header is row 1. In XML the n-th Regel. None: the file as a whole."""
    column: str | None = None
    """The label of the column in the layout (its header where that is unique)."""
    value: str | None = None
    other_rows: tuple[int, ...] = ()
    """The rows that this one conflicts with: the earlier ones; where it is the odd one of many, the first of those."""
    facts: Mapping[str, Any] = {}
    """What the sentence needs besides: named values, JSON types only."""


class FileFacts(NamedTuple):
    """What is known of a file before a cell is read."""

    name: str
    format: FileFormat | None  # None: not one of the three
    bytes: int
    sha256: str


class Table(NamedTuple):
    """A file as text: exactly what the supplier sees (product.md A5)."""

    headers: list[str]
    rows: list[list[str]]
    """One list a record, as wide as the headers. Rows without any value and rows of another width are not in it."""
    places: list[int]
    """The row number of each of `rows`, as the spreadsheet shows it."""
    notes: dict[int, dict[int, int]]
    """What a workbook tells besides the text: column index → index in `rows` → flags of `CellNote`."""
    findings: list[Finding]
    """What was found while reading. An error at file scope rejects the delivery; rows that are there nevertheless are
    sound, and are checked too (C1)."""
    records: int
    """How many records the file holds, also those that are not in `rows`."""
    wrong_width_rows: Mapping[int, list[str]] = {}
    """Row number → the cells of a record of another width than the header: given back, never imported."""
    header_row: int = 1
    """Lower where a program wrote a note to other programs above the headers."""
    unread: Mapping[str, Sequence[str]] = {}
    """Header or element → texts that are in none of the rows: of elements that the layout does not have, and the first
    ones of rows that were left out. They are looked at for numbers that may not be kept, and never shown."""


class RecordPart(NamedTuple):
    """A record's company or its person, checked and in canonical text."""

    key: Key
    extern_id: str
    """ExternId as the file writes it, trimmed."""
    fields: tuple[str | None, ...]
    """In the order of `instroom.core.fields`; "" is a blank cell, None a field that the layout has no column for."""
    categories: tuple[Pair, ...]
    """(group, category), sorted, each once."""
    free_fields: tuple[Pair, ...]
    """(definition, value), sorted by definition, each once."""
    alone: bool
    """The key and nothing else: a company that is only referred to (B7)."""


class Record(NamedTuple):
    """A row of the file: a company, a person or both (product.md B1)."""

    row: int
    company: RecordPart | None
    person: RecordPart | None


class Checked(NamedTuple):
    """A file after the check: all that planning and reporting need."""

    file: FileFacts
    layout: str
    """Name and version, such as standard/1."""
    records: list[Record]
    """The records without an error of their own, in file order."""
    refused: frozenset[int]
    """The rows that an error at row or cell scope keeps out: under `skip` they are left out, under `whole` the whole
    delivery is. Both rows of a conflict are in it, so that the order of records does not matter (B11)."""
    repeated: frozenset[int]
    """The rows whose person stands on an earlier row with the same data; their company still counts (B3)."""
    findings: Sequence[Finding]
    """In order of row, then column."""
    rejected: bool
    """An error at file or header scope: nothing of this file can be used (C3)."""
    record_count: int
    company_count: int
    person_count: int
    refused_companies: frozenset[Key] = frozenset()
    """The companies on refused rows: under `whole` they count as given when what is stored is judged, so that one fault
    does not bring false ones behind it."""
    sources: frozenset[str] = frozenset()
    """The `source_key` of each source that a row names, refused ones too; "" where a row names none that it may."""
    unusable_keys: Mapping[Kind, Mapping[int, Pair]] = {}
    """Row → (ExternSource, ExternId) where an error of its own keeps the ExternId from being used."""

    @property
    def verdict(self) -> Verdict:
        """The worst severity among the findings, as the contract words it."""
        verdict: Verdict = "clean"
        for finding in self.findings:
            if finding.severity == "error":
                return "errors"
            if finding.severity == "warning":
                verdict = "warnings"
        return verdict


__all__ = [
    "CellNote",
    "Checked",
    "FileFacts",
    "FileFormat",
    "Finding",
    "Kind",
    "Limits",
    "Pair",
    "Policies",
    "Record",
    "RecordPart",
    "Severity",
    "Table",
    "Verdict",
]
