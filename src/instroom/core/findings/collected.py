"""Findings in little memory: a file of nonsense has two million of them, and all are counted (C1).

What many findings have in common is kept once. A finding itself is three entries, of twenty bytes together, until it is
looked at.
"""

from abc import abstractmethod
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final, NamedTuple, overload

from instroom.core.model import Finding, Severity


class FindingKind(NamedTuple):
    """What findings of one kind have in common: all but row and value."""

    code: str
    severity: Severity
    column: str | None
    other_rows: tuple[int, ...]
    facts: Mapping[str, Any]


KEPT_WHOLE: Final = 100_000
"""Of a delivery with up to so many findings all are kept: ten for each record."""
MOST_OF_GROUP: Final = 1_000
"""Of a delivery with more than that, so many are kept of each group. All are counted."""

FindingGroup = tuple[Severity, str, str | None]
"""Severity, code and column: what findings are counted by."""


class CountedFindings(Sequence[Finding]):
    """Findings in order, of which there may be more than are listed. Equal to any sequence of the same findings."""

    __hash__ = None  # type: ignore[assignment] # as a list has none

    @abstractmethod
    def counts(self) -> "Counter[FindingGroup]":
        """How many there are, also those that are not listed, without making any."""

    @abstractmethod
    def unlisted(self) -> "Counter[FindingGroup]":
        """How many of them are not listed; only groups that have some."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __repr__(self) -> str:
        return repr(list(self))


class Collected:
    """Findings while they are collected, in any order."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self.kinds: list[FindingKind] = []
        self._number: dict[tuple[str, Severity, str | None, tuple[int, ...], int], int] = {}
        self._kind_of, self._rows = array("I"), array("I")
        self._values: list[str | None] = []
        for item in findings:
            self.add(item)

    def kind(
        self,
        code: str,
        severity: Severity,
        column: str | None,
        other_rows: tuple[int, ...],
        facts: Mapping[str, Any],
    ) -> int:
        """The number of a kind, for `note`. Kinds with the same mapping of facts are the same."""
        key = code, severity, column, other_rows, id(facts)
        number = self._number.get(key)
        if number is None:
            number = self._number[key] = len(self.kinds)
            self.kinds.append(
                FindingKind(code, severity, column, other_rows, facts)
            )  # holds the facts, so the id stays theirs
        return number

    def note(self, kind: int, row: int | None, value: str | None) -> None:
        """One more finding of this kind."""
        self._kind_of.append(kind)
        self._rows.append(row or 0)
        self._values.append(value)

    def add(self, item: Finding) -> None:
        self.note(self.kind(item.code, item.severity, item.column, item.other_rows, item.facts), item.row, item.value)

    def forget(self, code: str, rows: set[int]) -> None:
        """Leave out the findings with this code on these rows."""
        stays = [
            index
            for index, (kind, row) in enumerate(zip(self._kind_of, self._rows, strict=True))
            if row not in rows or self.kinds[kind].code != code
        ]
        self._kind_of = array("I", [self._kind_of[index] for index in stays])
        self._rows = array("I", [self._rows[index] for index in stays])
        self._values = [self._values[index] for index in stays]

    def in_order(self, place: Callable[[FindingKind], int]) -> "OrderedFindings":
        """All of them by row, and within a row by `place`; those without a row first."""
        order, ends = self._by_row()
        places, kind_of = [place(kind) for kind in self.kinds], self._kind_of
        for start, end in zip((0, *ends), ends, strict=False):
            if end - start > 1:
                order[start:end] = array("I", sorted(order[start:end], key=lambda index: places[kind_of[index]]))
        return OrderedFindings(self.kinds, kind_of, self._rows, self._values, order)

    def _by_row(self) -> tuple["array[int]", list[int]]:
        """The indexes in order of row, and where each row ends: a sort by counting, for it needs no keys."""
        counts = [0] * (max(self._rows, default=0) + 1)
        for row in self._rows:
            counts[row] += 1
        ends = list(accumulate(counts))
        following = [0, *ends[:-1]]
        order = array("I", bytes(4 * len(self._rows)))
        for index, row in enumerate(self._rows):
            order[following[row]] = index
            following[row] += 1
        return order, ends


class OrderedFindings(CountedFindings):
    """Findings in order, each made when it is looked at. All are listed."""

    def __init__(
        self,
        kinds: Sequence[FindingKind],
        kind_of: Sequence[int],
        rows: Sequence[int],
        values: Sequence[str | None],
        order: Sequence[int],
    ) -> None:
        """By index the number of the kind, the row (0: none) and the value; `order` is the indexes in order."""
        self._kinds, self._kind_of, self._rows, self._values, self._order = kinds, kind_of, rows, values, order

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, at: int) -> Finding: ...

    @overload
    def __getitem__(self, at: slice) -> list[Finding]: ...

    def __getitem__(self, at: int | slice) -> Finding | list[Finding]:
        if isinstance(at, slice):
            return [self._finding(index) for index in self._order[at]]
        return self._finding(self._order[at])

    def __iter__(self) -> Iterator[Finding]:
        return map(self._finding, self._order)

    def counts(self) -> "Counter[FindingGroup]":
        found: Counter[FindingGroup] = Counter()
        for number, count in Counter(self._kind_of).items():
            kind = self._kinds[number]
            found[kind.severity, kind.code, kind.column] += count
        return found

    def unlisted(self) -> "Counter[FindingGroup]":
        return Counter()

    def _finding(self, index: int) -> Finding:
        code, severity, column, other_rows, facts = self._kinds[self._kind_of[index]]
        return Finding(code, severity, self._rows[index] or None, column, self._values[index], other_rows, facts)
