"""Builds the table of a CSV or XML file from its rows, blank ones and too many of them included, in bounded memory."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final

from instroom.core.findings import finding
from instroom.core.keys import SPACES
from instroom.core.layout.loader import Column
from instroom.core.model import Finding, Limits, Table
from instroom.core.read.uneven_rows import UnevenRows
from instroom.core.read.wrong_width_rows import WrongWidthRows
from instroom.core.xlsx.references import column_letters

TEXT_BYTES: Final = 100 * 1024 * 1024
"""Of text kept in memory: ten thousand records of ten thousand characters, ten times a large delivery."""
_LOOKED_AT: Final = 1_000  # of rows that are left out
_MOST_TEXTS: Final = 200_000
"""Different texts that are looked for: a delivery of ten thousand records has some 75,000. A file with more repeats
little, and to remember them would take more memory than it saves."""


class TableBuilder:
    """Takes the rows in file order; then ask for the `table`."""

    def __init__(self, headers: list[str], limits: Limits) -> None:
        self.headers = headers
        self.records = 0
        self.complete = True
        """False: there may be more records than were counted."""
        self._limits = limits
        self._findings: list[Finding] = []
        self._rows: list[list[str]] = []
        self._places: list[int] = []
        self._wrong_width_rows = WrongWidthRows()
        self.unread: defaultdict[str, list[str]] = defaultdict(list)
        self._uneven_rows = UnevenRows()
        self._short_widths: Counter[int] = Counter()
        self._blank_from = 0  # the run of blank rows that is going on; 0: none
        self._blank_to = 0
        self._kept_bytes = 0
        self._texts: dict[str, str] = {}
        self._rejected = False

    @property
    def full(self) -> bool:
        """There are more records than may be: from here on they are only counted."""
        return self.records > self._limits.records

    def add_record(self, place: int, cells: list[str], size: int, whole: bool = True) -> None:
        """A row with a value in it. `size` is at least what its text takes in memory, in bytes.

        Cells that are missing at its end are blank, and blank ones that are too many do not count. Not `whole`: the
        file ends within this row, so what is missing may hold values.
        """
        self.records += 1
        self._end_blank_run(place - 1)
        if self.full:
            self._forget_rows()
        elif len(cells) != len(self.headers):
            self._add_uneven(place, cells, size, whole)
        elif not self._rejected:
            self._keep(place, cells, size)

    def _add_uneven(self, place: int, cells: list[str], size: int, whole: bool) -> None:
        found, expected = len(cells), len(self.headers)
        facts: dict[str, Any] = {"found": found, "expected": expected}
        if found > expected and (surplus := first_value(cells, expected)) is not None:
            facts |= {"cell": f"{column_letters(surplus)}{place}", "text": cells[surplus]}
            self._add_wrong_width(place, cells, size, facts)
        elif found < expected and self._may_be_cut_off(found, whole):
            self._add_wrong_width(place, cells, size, {**facts, "problem": "cut-off"})
        elif not self._rejected:
            self._uneven_rows.widths[len(self._rows)] = found
            self._keep(place, [*cells[:expected], *[""] * (expected - found)], size)

    def _may_be_cut_off(self, found: int, whole: bool) -> bool:
        """Whether a short row is the last one, without a line end, and not as short as all the others."""
        alike = self._short_widths[found] == self.records - 1 > 0
        self._short_widths[found] += 1
        return not whole and not alike

    def _add_wrong_width(self, place: int, cells: list[str], size: int, facts: dict[str, Any]) -> None:
        self._findings.append(finding("row-cell-count", place, facts=facts))
        if not self._rejected:
            self._wrong_width_rows.keep(place, cells, size)

    def _keep(self, place: int, cells: list[str], size: int) -> None:
        # Texts repeat, since a company stands on the record of each of its persons. As one object each they take 20 MB
        # less for 10,000 records, in no more time: what comes after is faster.
        few = len(self._texts) <= _MOST_TEXTS
        self._rows.append(list(map(self._texts.setdefault, cells, cells)) if few else cells)
        self._places.append(place)
        self._kept_bytes += size
        if self._kept_bytes > TEXT_BYTES:
            self.reject(finding("file-too-large", facts={"bytes": self._kept_bytes, "limit": TEXT_BYTES}))

    def settle_uneven_rows(self, columns: Sequence[Column]) -> None:
        """Take out the rows whose values seem to stand in other columns, and tell of the others.

        To be asked once, at the end, where the headers are those of the layout.
        """
        if self._rejected or not self._uneven_rows.widths:
            return
        expected, out = len(columns), set[int]()

        def take_out(index: int, **facts: Any) -> None:
            found, row = self._uneven_rows.widths.pop(index, expected), self._rows[index]
            facts = {"found": found, "expected": expected, **facts}
            self._add_wrong_width(self._places[index], [*row[:found], *[""] * (found - len(row))], 0, facts)
            out.add(index)

        for run in self._uneven_rows.broken(self._rows, self._places, columns):
            first, last = self._places[run[0]], self._places[run[-1]]
            cell = f"{column_letters(self._uneven_rows.widths.get(run[0], expected) - 1)}{first}"
            for index in run:
                take_out(index, problem="line-break", cell=cell, first_row=first, last_row=last)
        for index, at in self._uneven_rows.shifted(self._rows, columns).items():
            take_out(index, problem="shifted", cell=f"{column_letters(at)}{self._places[index]}")
        short = [index for index, found in self._uneven_rows.widths.items() if found < len(columns)]
        if short:
            facts: dict[str, Any] = {"count": len(short), "last_row": self._places[short[-1]]}
            self._findings.append(finding("row-short", self._places[short[0]], facts=facts))
        if out:
            stays = [index for index in range(len(self._rows)) if index not in out]
            self._rows = [self._rows[index] for index in stays]
            self._places = [self._places[index] for index in stays]

    def add_unreadable(self, place: int) -> None:
        """A record that cannot be read, with a fault of the file that says why. It is counted, and no more."""
        self.records += 1
        self._end_blank_run(place - 1)
        if self.full:
            self._forget_rows()

    def add_blank(self, place: int, telling: bool = True) -> None:
        """A row without any value. One that is not `telling`, an empty line, is none unless a row comes after it."""
        self._blank_from = self._blank_from or place
        if telling:
            self._blank_to = place

    def add_finding(self, found: Finding) -> None:
        """A fault of the file that leaves the other rows as sound as they were: those are still to be checked, since
        all faults are told in one go (product.md C1)."""
        self._findings.append(found)

    def reject(self, found: Finding) -> None:
        """A fault of the file as a whole: its rows are not to be trusted."""
        self._findings.append(found)
        self.discard_rows()

    def discard_rows(self) -> None:
        """None of the rows is to be trusted, for a reason that was told."""
        self._rejected = True
        self._forget_rows()

    def drop_last_finding(self) -> None:
        """What was found last turns out to be part of something worse."""
        self._findings.pop()

    def table(self) -> Table:
        self._end_blank_run(self._blank_to)
        if self.full:
            # Nobody corrects rows of a file that has to be split: what is wrong with each will be told then.
            self._findings = [found for found in self._findings if found.row is None]
            self.reject(rows_too_many(self.records, self._limits.records, at_least=not self.complete))
        elif not self.complete:
            self.reject(finding("file-unsafe", facts={"problem": "rows"}))
        wrong_width_rows, unread = self._wrong_width_rows.rows, dict(self.unread)
        return Table(
            self.headers, self._rows, self._places, {}, self._findings, self.records, wrong_width_rows, unread=unread
        )

    def _forget_rows(self) -> None:
        for header, texts in first_texts(self.headers, self._rows).items():
            self.unread[header] += texts
        self._rows, self._places, self._texts = [], [], {}
        self._uneven_rows.widths.clear()
        self._wrong_width_rows.clear()

    def _end_blank_run(self, last: int) -> None:
        if self._blank_from and last >= self._blank_from and not self.full:
            facts = {"last_row": last, "count": last - self._blank_from + 1}
            self._findings.append(finding("row-blank", self._blank_from, facts=facts))
        self._blank_from = self._blank_to = 0


def rows_too_many(records: int, limit: int, *, at_least: bool) -> Finding:
    """`at_least`: not all of the records were counted."""
    facts = {"records": records, "limit": limit, "files": -(-records // limit), "at_least": at_least}
    return finding("rows-too-many", facts=facts)


def has_value(cells: Sequence[str]) -> bool:
    """Whether a row is a record: one of its cells holds more than white space (product.md A4)."""
    return any(cell.strip(SPACES) for cell in filter(None, cells))


def first_value(cells: Sequence[str], start: int) -> int | None:
    """The index of the first cell from `start` with more than white space in it."""
    return next((index for index in range(start, len(cells)) if cells[index].strip(SPACES)), None)


def first_texts(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    """What stands in each column of the first of these rows, for `Table.unread`."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for header, texts in zip(headers, zip(*rows[:_LOOKED_AT], strict=True), strict=False):
        found[header] += filter(None, texts)
    return found


def shortened(cells: list[str], limits: Limits) -> list[str]:
    """The cells, each no longer than one character over the limit: enough to be found too long."""
    most = limits.cell_characters + 1
    return [cell[:most] if len(cell) > most else cell for cell in cells]
