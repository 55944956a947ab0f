"""Checked files and their tables, put together by hand: what the check would hand to the report."""

from instroom.core.findings import finding
from instroom.core.layout.loader import Layout
from instroom.core.layout.standard import standard
from instroom.core.model import Checked, FileFacts, Finding, Record, RecordPart, Table

LAYOUT: Layout = standard()
FILE = FileFacts("personen.csv", "csv", 1234, "ab" * 32)
_AT = {column.label: column.index for column in LAYOUT.columns}


def row(**values: str) -> list[str]:
    """A record as text, the columns by name."""
    cells = [""] * len(LAYOUT.columns)
    for label, value in values.items():
        cells[_AT[label]] = value
    return cells


def table(rows: list[list[str]], places: list[int] | None = None, headers: list[str] | None = None) -> Table:
    """A table as read, the records from row 2 on unless told where."""
    where = places if places is not None else list(range(2, len(rows) + 2))
    return Table(headers or list(LAYOUT.headers), rows, where, {}, [], len(rows))


def company(extern_id: str, alone: bool) -> RecordPart:
    """The company of a record."""
    return RecordPart(("HR", extern_id), extern_id, ("" if alone else "Voorbeeld BV",), (), (), alone)


def checked(
    findings: list[Finding],
    records: list[Record] | None = None,
    file: FileFacts = FILE,
    record_count: int = 12,
) -> Checked:
    """The outcome of a check; an error at row or cell scope refuses its rows, one without a row the whole file."""
    wrong = [one for one in findings if one.severity == "error"]
    refused = frozenset(place for one in wrong if one.row for place in (one.row, *one.other_rows))
    rejected = any(one.row in (None, 1) for one in wrong)
    return Checked(file, "standard/1", records or [], refused, frozenset(), findings, rejected, record_count, 3, 8)


EVIL = '=HYPERLINK("http://evil.example";"x")'
TRICKS = [EVIL, "@SUM(1)", "+31 6 12345678", "-1", "=1+1", "http://evil.example", "0012", "1E5", "{=A1}", "<r>x</r>"]

MIXED = checked(
    [
        finding("xlsx-sheets", facts={"read": "Blad1", "others": ["Blad2"]}),
        finding("required-missing", 4, "PersoonAchternaam", "", facts={"block": "person"}),
        *[finding("value-date", n, "PersoonGeboortedatum", f"31-02-19{n}") for n in range(10, 17)],
        finding(
            "company-conflict",
            17,
            None,
            None,
            (3,),
            {"extern_id": "B1", "block": "company", "columns": ["BedrijfNaam"]},
        ),
        finding("value-phone", 17, "PersoonMobiel", EVIL),
        finding("row-blank", 18, facts={"count": 3, "last_row": 20}),
        finding("value-email", 21, "PersoonEmailWerk", "\x1b]0;x\x07jan\u202ede" + "a" * 300),
    ],
    [
        Record(2, company("B1", alone=False), None),
        Record(3, company("B1", alone=True), None),
        Record(5, company("B2", alone=True), None),
    ],
)
