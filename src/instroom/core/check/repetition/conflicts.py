"""Which records of one dossier conflict with which (product.md B3): per aspect, whatever their order (B11)."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from typing import NamedTuple

NAMED_AT_MOST = 10  # earlier rows in one finding; more would not help anybody

Value = Hashable
Clash = Callable[[Value, Value], bool]


def differ(one: Value, other: Value) -> bool:
    """Values that may only be equal."""
    return one != other


def neither_holds_the_other(one: Value, other: Value) -> bool:
    """Sets of which one may say less than the other, but nothing else."""
    return isinstance(one, frozenset) and isinstance(other, frozenset) and not (one <= other or other <= one)


class Conflict(NamedTuple):
    """One aspect in which records differ that may not differ."""

    labels: Mapping[int, str]
    """By record the column to name."""
    others: Mapping[int, list[int]]
    """By record the first records that it conflicts with, at most ten. All records that clash are in it."""
    values: Mapping[int, Value]
    """By record what it says, in their order."""
    clash: Clash = differ

    def majority(self) -> list[int]:
        """The records that say what more than half say, where every other record of the conflict contradicts those.
        Empty where there is no such majority: then nobody can tell which record is the odd one."""
        value, count = Counter(self.values.values()).most_common(1)[0]
        contradicted = all(
            self.values[record] == value or self.clash(self.values[record], value) for record in self.others
        )
        if 2 * count <= len(self.values) or not contradicted:
            return []
        return [record for record, said in self.values.items() if said == value]

    def earlier_amounts(self) -> dict[int, int]:
        """By record how many before it say something else; nothing where two values may differ without a conflict."""
        if self.clash is not differ:
            return {}
        seen: Counter[Value] = Counter()
        amounts = {}
        for number, (record, value) in enumerate(self.values.items()):
            amounts[record] = number - seen[value]
            seen[value] += 1
        return amounts

    def earlier(self, record: int) -> list[int]:
        """The records before this one that it conflicts with."""
        return [other for other in self.others.get(record, ()) if other < record]


def find_conflict(values: Mapping[int, Value], labels: Mapping[int, str], clash: Clash = differ) -> Conflict | None:
    """The records that clash on one aspect, given in order of record; None: there are none."""
    holders: dict[Value, list[int]] = {}
    for record, value in values.items():
        holders.setdefault(value, []).append(record)
    if len(holders) < 2:
        return None
    # Ten other values are enough: the first ten records that clash are among the first ten of those.
    named = {value: records[:NAMED_AT_MOST] for value, records in holders.items()}
    others: dict[int, list[int]] = {}
    for number, (value, records) in enumerate(holders.items()):
        # Where any two values clash, all but the first ten values clash with the same records first.
        if number <= NAMED_AT_MOST or clash is not differ:
            odd = _first_in_conflict(value, named, clash)
        if odd:
            others.update(dict.fromkeys(records, odd))
    return Conflict(labels, others, values, clash) if others else None


def _first_in_conflict(value: Value, named: Mapping[Value, list[int]], clash: Clash) -> list[int]:
    odd: list[int] = []
    met = 0
    for other, records in named.items():
        if clash(value, other):
            odd += records
            met += 1
            if met == NAMED_AT_MOST:
                break
    return sorted(odd)[:NAMED_AT_MOST]
