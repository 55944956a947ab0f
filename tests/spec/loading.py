"""Reads the case files: one for each code of the catalogue, with examples that a customer can read.

A case file says in Dutch and English why the finding matters, and shows tables that pass and tables that fail. A table
has a header line and a line for each record, with | between the cells; columns that do not matter are left out, and are
blank in the file that is checked. A cell in double quotes is a JSON string, for spaces and
invisible characters. A cell of a workbook that is no text stands between braces: `{number 612345678}`,
`{date 1980-02-01}` or `{date 1980-02-01T23:00}`, `{yes}`, `{error #N/A}`, `{formula Jansen}` with its last value,
`{formula}` without one.
"""

import json
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from instroom.core.layout.loader import Layout
from instroom.core.layout.standard import standard
from instroom.core.model import Finding, Limits, Policies

CASES = Path(__file__).parent / "cases"
_FORMATS = ("csv", "xlsx", "xml")
_WITH_A_HEADER_ROW = ("csv", "xlsx")


class Special(NamedTuple):
    """A cell of a workbook that is no text."""

    kind: str
    text: str


Cell = str | Special
Rows = list[list[Cell]]


class Expected(NamedTuple):
    """One finding that an example gives. Rows are those of a sheet, where the header is row 1."""

    code: str
    row: int | None
    column: str | None
    value: str | None
    other_rows: tuple[int, ...]
    severity: str | None


class Example(NamedTuple):
    """A table that passes or fails."""

    code: str
    passes: bool
    nl: str
    en: str
    formats: tuple[str, ...]
    table: Rows
    """The header line and the records; empty where the file is made otherwise."""
    text: str
    """The file as it stands, instead of a table."""
    builder: str
    """The function of `builders` that makes the file from the table; "": as any delivery."""
    file_name: str
    header: dict[str, Any]
    """What is done to the header: rename, remove, add (behind), move (behind), above."""
    repeat: int
    """How often the last record is repeated; {n} in a cell is the number."""
    layout: Layout
    policies: Policies
    limits: Limits
    sources: frozenset[str] | None
    """To which who delivers is limited; None: to none."""
    stored: Rows | None
    """What the environment holds, as a delivery that was imported before; None: the check needs none of it."""
    expect: tuple[Expected, ...]

    @property
    def name(self) -> str:
        """For the names of tests."""
        return f"{self.code}: {self.en}"


class Case(NamedTuple):
    """A case file."""

    code: str
    scope: str
    severity: str
    why: dict[str, str]
    """By language: why it matters. What is wrong and what to do is in the sentences of `core.report`."""
    examples: tuple[Example, ...]


@cache
def cases() -> list[Case]:
    """All case files, by code."""
    return [read_case(path) for path in sorted(CASES.glob("*.toml"), key=lambda path: path.stem)]


def checked_examples(case: Case) -> list[Example]:
    """The examples for which the check is enough."""
    return [example for example in case.examples if example.stored is None]


def stored_cases() -> Iterator[Example]:
    """The examples that are judged against what an environment holds."""
    return (example for case in cases() for example in case.examples if example.stored is not None)


def read_case(path: Path) -> Case:
    """One case file."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    code = path.stem
    examples = [_example(code, entry, passes=True) for entry in data.get("passes", ())]
    examples += [_example(code, entry, passes=False) for entry in data.get("fails", ())]
    return Case(code, data["scope"], data["severity"], data["why"], tuple(examples))


def read_table(text: str) -> Rows:
    """A table as a case file shows it."""
    return [[_cell(cell.strip()) for cell in line.split("|")] for line in text.strip("\n").splitlines()]


def _cell(text: str) -> Cell:
    if text.startswith('"'):
        return str(json.loads(text))
    if text.startswith("{") and text != "{n}":
        kind, _, value = text[1:-1].partition(" ")
        return Special(kind, value)
    return text


def _example(code: str, entry: dict[str, Any], *, passes: bool) -> Example:
    table = read_table(entry.get("table", ""))
    header = entry.get("header", {})
    return Example(
        code=code,
        passes=passes,
        nl=entry["nl"],
        en=entry["en"],
        formats=_formats(entry, table, header),
        table=table,
        text=entry.get("text", ""),
        builder=entry.get("builder", ""),
        file_name=entry.get("file_name", ""),
        header=header,
        repeat=entry.get("repeat", 1),
        layout=standard(),
        policies=Policies(**entry.get("policies", {})),
        limits=Limits(**entry.get("limits", {})),
        sources=frozenset(entry["sources"]) if "sources" in entry else None,
        stored=read_table(entry["stored"]) if "stored" in entry else None,
        expect=tuple(_expected(item) for item in entry.get("expect", ())),
    )


def _formats(entry: dict[str, Any], table: Rows, header: dict[str, Any]) -> tuple[str, ...]:
    """By default all in which the example can exist."""
    if "format" in entry:
        return (entry["format"],) if isinstance(entry["format"], str) else tuple(entry["format"])
    if any(isinstance(cell, Special) for row in table for cell in row):
        return ("xlsx",)
    return _WITH_A_HEADER_ROW if header else _FORMATS


def _expected(item: dict[str, Any]) -> Expected:
    return Expected(
        item["code"],
        item.get("row"),
        item.get("column"),
        item.get("value"),
        tuple(item.get("other_rows", ())),
        item.get("severity"),
    )


def as_found(item: Finding) -> Expected:
    """A finding in the form in which it is expected."""
    return Expected(item.code, item.row, item.column, item.value, item.other_rows, item.severity)
