"""The totals of a plan as a picture: one bar for companies, one for persons, each part as wide as its share."""

from typing import Any, Final, NamedTuple

from instroom.core.fields import Kind
from instroom.flow.source_limits import sources_for
from instroom.store.models import Plan, User

WIDTH: Final = 1000  # units of the picture
_LEAST: Final = 6  # units: one unlink among ten thousand records is still seen
_ACTIONS: Final = ("new", "changed", "unchanged", "removed")
_LINKS: Final = ("linked", "relinked", "unlinked")


class BarPart(NamedTuple):
    name: str
    amount: int
    x: int
    width: int


class Bar(NamedTuple):
    kind: str
    kind_name: Kind
    parts: list[BarPart]
    total: int


class Bars(NamedTuple):
    """All that a plan does."""

    bars: list[Bar]
    links: dict[str, int]
    left_out: int
    records: int
    cleared: int
    not_in_file: dict[str, int]


def bars_of(plan: Plan | None, by: User) -> Bars | None:
    """The picture of a plan; None where there is none. How many dossiers are not in the file is for who may see all."""
    if plan is None:
        return None
    totals: dict[str, Any] = plan.totals
    sees_all = sources_for(by, "read", plan.delivery.customer) is None
    return Bars(
        [_bar("companies", "company", totals["companies"]), _bar("persons", "person", totals["persons"])],
        {name: totals["persons"].get(name, 0) for name in _LINKS},
        totals["left_out"],
        totals["records"],
        totals.get("cleared", 0),
        totals.get("not_in_file", {}) if sees_all else {},
    )


def _bar(kind: str, kind_name: Kind, counts: dict[str, int]) -> Bar:
    there = {name: counts[name] for name in _ACTIONS if counts.get(name)}
    total = sum(there.values())
    parts: list[BarPart] = []
    room = WIDTH - _LEAST * len(there)
    x = 0
    for name, count in there.items():
        width = _LEAST + room * count // total
        parts.append(BarPart(name, count, x, width))
        x += width
    return Bar(kind, kind_name, parts, total)
