"""The guards of a standing approval: how far a plan may go before a person has to look (product.md E3).

Each guard has a percentage and a number; past either of them the delivery is held. The percentage holds nothing up to
the guard's least number: under ten persons every change would be a large share.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, get_args

from instroom.core.plan.model import Change

Name = Literal["created", "changed", "unlinked", "left_out", "fewer"]
NAMES: Final[tuple[Name, ...]] = get_args(Name)


LEAST: Final = 2
"""Where a guard has no least number of its own."""


class Guard(NamedTuple):
    """The most that it lets pass: neither may be exceeded."""

    percent: int
    number: int
    least: int = LEAST
    """So many pass, whatever their share."""

    def lets_pass(self, number: int, of: int) -> bool:
        return number <= self.number and (number <= self.least or 100 * number <= self.percent * of)


USUAL: Final[Mapping[Name, Guard]] = {
    "created": Guard(20, 500),
    "changed": Guard(30, 1000),
    "unlinked": Guard(5, 50),
    "left_out": Guard(5, 100),
    "fewer": Guard(10, 250),
}
"""Where a connection says nothing else. A delivery that comes each night changes little, and seldom shrinks."""


class Measured(NamedTuple):
    """A count, and what it is a share of."""

    number: int
    of: int


class Exceeded(NamedTuple):
    """A guard that a plan is outside of, in numbers; sentences are made of it in `core.report`."""

    guard: Name
    number: int
    of: int
    most_percent: int
    most_number: int


def measure(
    totals: Mapping[str, Any], changes: Sequence[Change], records: int, last: int | None
) -> dict[Name, Measured]:
    """What the guards look at, of a plan against live.

    Created, changed and unlinked are dossiers, out of all that the file names (of the unlinked: all persons). Who goes
    to another company counts as changed. Left out and fewer are records: out of those of the file, and of the `last`
    delivery that was imported, where there was one.
    """
    kinds = [totals[kind] for kind in ("companies", "persons")]
    named = sum(kind[action] for kind in kinds for action in ("new", "changed", "unchanged"))
    persons = sum(totals["persons"][action] for action in ("new", "changed", "unchanged"))
    changed = sum(change.action == "changed" or change.link == "relinked" for change in changes)
    return {
        "created": Measured(sum(kind["new"] for kind in kinds), named),
        "changed": Measured(changed, named),
        "unlinked": Measured(totals["persons"]["unlinked"], persons),
        "left_out": Measured(totals["left_out"], records),
        "fewer": Measured(max((last or 0) - records, 0), last or 0),
    }


def exceeded(measured: Mapping[Name, Measured], own: Mapping[str, Sequence[int]]) -> list[Exceeded]:
    """The guards that are not kept, in their fixed order. `own`: where a connection differs, [percent, number] or
    [percent, number, least]."""
    found = []
    for name in NAMES:
        guard, (number, of) = guard_of(name, own), measured[name]
        if not guard.lets_pass(number, of):
            found.append(Exceeded(name, number, of, guard.percent, guard.number))
    return found


def guard_of(name: Name, own: Mapping[str, Sequence[int]]) -> Guard:
    """The connection's own guard, or the usual one."""
    return Guard(*own[name]) if name in own else USUAL[name]
