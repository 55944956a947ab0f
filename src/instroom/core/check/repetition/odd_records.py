"""Which records of a conflict are told, and against which others: one finding for one cause."""

from collections.abc import Mapping, Sequence
from typing import Any

from instroom.core.check.repetition.conflicts import NAMED_AT_MOST, Conflict, Value


class Held:
    """One aspect of a conflict. Where most records agree, the odd ones are held against those; else each is held
    against the earlier ones that it contradicts."""

    def __init__(self, conflict: Conflict, *, by_majority: bool) -> None:
        self._conflict = conflict
        self.majority = conflict.majority() if by_majority else []
        """The records that agree; empty where there is no majority."""
        self._agree = frozenset(self.majority)
        self._amounts: dict[int, int] | None = None

    @property
    def labels(self) -> Mapping[int, str]:
        return self._conflict.labels

    @property
    def values(self) -> Mapping[int, Value]:
        return self._conflict.values

    def against(self, record: int) -> list[int]:
        """The first records that this one is held against; none where it is not told."""
        if not self.majority:
            return self._conflict.earlier(record)
        return self.majority[:NAMED_AT_MOST] if record in self._conflict.others and record not in self._agree else []

    def amount(self, record: int) -> int | None:
        """How many earlier records this one contradicts; None where that was not counted."""
        if self._amounts is None:
            self._amounts = self._conflict.earlier_amounts()
        return self._amounts.get(record)


def rows_against(record: int, found: Sequence[Held]) -> list[int]:
    """The first records that this one is held against, in any aspect."""
    return sorted({other for aspect in found for other in aspect.against(record)})[:NAMED_AT_MOST]


def amount_facts(record: int, found: Sequence[Held]) -> dict[str, Any]:
    """`odd`, where most records agree in each aspect; with one aspect, `usual` is how many. Else `more_rows`, where the
    record contradicts more than are named: how many, or `some`."""
    if all(aspect.majority for aspect in found):
        return {"odd": True, **({"usual": len(found[0].majority)} if len(found) == 1 else {})}
    named = len(rows_against(record, found))
    if named < NAMED_AT_MOST:
        return {}
    amount = found[0].amount(record) if len(found) == 1 else None
    if amount is None:
        return {"more_rows": "some"}
    return {"more_rows": amount - named} if amount > named else {}
