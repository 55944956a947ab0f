"""What the steps of the check share: the file turned on its side, one sequence of texts for each column."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any, Final

from instroom.core.check.faults import Fault
from instroom.core.check.headers.placement import Placement
from instroom.core.check.whole_column import whole_column_findings
from instroom.core.findings import CATALOGUE
from instroom.core.findings.collected import Collected
from instroom.core.layout.loader import Column, Layout
from instroom.core.model import Policies, Severity, Table

_NO_FACTS: Final[Mapping[str, Any]] = {}


class Sheet:
    """The records of a file by column, and what has been found in them.

    A record is meant by its index in `places`; its row number is `places[index]`.
    """

    def __init__(
        self,
        table: Table,
        layout: Layout,
        placement: Placement,
        policies: Policies,
        today: str,
        sources: Collection[str] | None = None,
    ) -> None:
        """Turn the rows into columns; a column that the file does not have is absent, not blank. `sources` are those of
        `check`."""
        self.sources = sources
        self.layout, self.policies, self.today = layout, policies, today
        self.places = table.places
        self._numbers = list(range(len(table.places)))  # kept: sets of them hold the same objects for every column
        turned = list(zip(*table.rows, strict=True)) or [()] * len(table.headers)
        self.raw: dict[int, Sequence[str]] = {}
        self.notes: dict[int, Mapping[int, int]] = {}
        for column, at in zip(layout.columns, placement.positions, strict=True):
            if at is not None:
                self.raw[column.index] = turned[at]
                self.notes[column.index] = table.notes.get(at, {})
        self.texts: dict[int, Sequence[str]] = {}
        """Canonical text by column: trimmed, dates yyyy-mm-dd and so on."""
        self._with_text: set[int] = set()
        self.faulty: dict[int, set[int]] = {}
        """By column the records whose cell holds an error: filled in, with something that cannot be used."""
        self.with_numbers: set[int] = set()
        """The columns that hold a number as long as a citizen service number."""
        self.abroad: Sequence[str] | None = None
        """For each record not blank where it has an address outside the Netherlands; None: no record has."""
        self.abroad_known = False
        self.findings = Collected((*table.findings, *placement.findings))
        broken = {item.row for item in table.findings if item.row and item.severity == "error"}
        self.refused = {record for record, place in enumerate(self.places) if place in broken} if broken else set()

    def __len__(self) -> int:
        return len(self.places)

    def has(self, *columns: Column) -> bool:
        """Whether the file has all of these columns."""
        return all(column.index in self.raw for column in columns)

    def keep(self, column: Column, texts: Sequence[str]) -> None:
        """Note the canonical texts of a column."""
        self.texts[column.index] = texts
        if any(texts):
            self._with_text.add(column.index)

    def filled(self, column: Column) -> bool:
        """Whether any record has something in this column."""
        return column.index in self._with_text or column.index in self.faulty

    def usable(self, column: Column, record: int) -> bool:
        """Whether the cell is there without an error."""
        return record not in self.faulty.get(column.index, ())

    def blank(self, column: Column, record: int) -> bool:
        """Whether there is nothing in the cell; an error there is something."""
        return not self.texts[column.index][record] and self.usable(column, record)

    def column(self, column: Column | None) -> Iterable[str | None]:
        """The canonical texts of a column, or None throughout where the file or the layout has no such column."""
        if column is None or column.index not in self.texts:
            return repeat(None, len(self))
        return self.texts[column.index]

    def report(
        self,
        code: str,
        record: int,
        column: str | None = None,
        value: str | None = None,
        others: Sequence[int] = (),
        facts: Mapping[str, Any] = _NO_FACTS,
        severity: Severity | None = None,
    ) -> None:
        """Note a finding on a record; an error keeps the record out. `others` are records, not rows."""
        places = self.places
        others = tuple([places[other] for other in others]) if others else ()
        severity = severity or CATALOGUE[code].severity
        self.findings.note(self.findings.kind(code, severity, column, others, facts), places[record], value)
        if severity == "error":
            self.refused.add(record)

    def report_cell(
        self,
        code: str,
        record: int,
        column: Column,
        value: str | None,
        facts: Mapping[str, Any] = _NO_FACTS,
        severity: Severity | None = None,
    ) -> None:
        """Note a finding on a cell; an error makes the cell unusable."""
        severity = severity or CATALOGUE[code].severity
        self.report(code, record, column.label, value, (), facts, severity)
        if severity == "error":
            self.faulty.setdefault(column.index, set()).add(record)

    def report_faults(
        self, column: Column, faults: Mapping[Any, Fault], keys: Sequence[Any], texts: Sequence[str], settled: set[int]
    ) -> None:
        """Note what is wrong with a column's values on each record whose key is faulty and that is not settled yet.

        As `report_cell` for each, at a fraction of the cost where there are millions. What a whole column has
        becomes one finding.
        """
        places, findings, errors = self.places, self.findings, set()
        columns, covered = whole_column_findings(faults, keys, texts, settled, places)
        for item in columns:
            kind = findings.kind(item.fault.code, item.fault.severity, column.label, (), item.facts)
            findings.note(kind, places[item.record], texts[item.record] or None)
        severities = {key: fault.severity for key, fault in faults.items() if key not in covered}
        kinds = {
            key: findings.kind(faults[key].code, severity, column.label, (), faults[key].facts)
            for key, severity in severities.items()
        }
        for record, key in enumerate(keys):
            if key in kinds and record not in settled:
                findings.note(kinds[key], places[record], texts[record] or None)
                if severities[key] == "error":
                    errors.add(self._numbers[record])
        if errors:
            self.refused |= errors
            if (known := self.faulty.setdefault(column.index, errors)) is not errors:
                known |= errors
