"""Cells that are merged over several records: what they mean for those below the first (xlsx-merged, row-merged).

People merge the cells of a company over its persons: it is the company of each of them. What of a person is merged over
several records may mean the same, or be a slip, and a key of one person on several rows would be several persons: there
the records below the first are kept out, and somebody has to fill them in.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from instroom.core.findings import finding
from instroom.core.keys import trim
from instroom.core.layout.loader import Layout
from instroom.core.model import Finding
from instroom.core.xlsx.merges import Covered, split_merged
from instroom.core.xlsx.references import Area, area_text
from instroom.core.xlsx.rows import Row

_NAMED: Final = 5  # merged cells that a finding names


class MergedCells:
    """Fills in what is merged over records, and keeps what is to be said of it."""

    def __init__(self, layout: Layout, merges: list[Area]) -> None:
        self._merges = merges
        blocks: dict[str, set[str]] = {}
        for column in layout.columns:
            blocks.setdefault(column.header.casefold(), set()).add(column.block)
        self._company_headers = {header for header, found in blocks.items() if found == {"company"}}
        self._headers: dict[int, str] = {}
        self._filled: dict[Area, None] = {}
        self._findings: list[Finding] = []

    def records(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, in order, as they are meant. Row 1 holds the headers."""
        for row, covered in split_merged(rows, self._merges):
            if row.number == 1:
                self._headers = {column: trim(text) for column, text in row.cells.items()}
            elif covered and any(map(trim, row.cells.values())):
                self._fill(row, covered)
            yield row

    def _fill(self, row: Row, covered: list[Covered]) -> None:
        unclear = {}
        for merged in covered:
            column, top = merged.area[:2]
            header = self._headers.get(column, "")
            if top == 1 or not header or not trim(merged.text):
                continue
            if header.casefold() in self._company_headers:
                row.cells[column] = merged.text
                if merged.note:
                    row.notes[column] = merged.note
                self._filled[merged.area] = None
            else:
                unclear[area_text(merged.area)] = header
        if unclear:
            places = list(unclear)[:_NAMED]
            facts = {"ranges": places, "headers": [unclear[place] for place in places]}
            self._findings.append(finding("row-merged", row.number, facts=facts))

    @property
    def findings(self) -> list[Finding]:
        """Once for all that was filled in, and for each record where nobody can know."""
        if not self._filled:
            return self._findings
        facts = {"ranges": list(map(area_text, islice(self._filled, _NAMED))), "range_count": len(self._filled)}
        return [finding("xlsx-merged", facts=facts), *self._findings]
