"""The guards of a standing approval: how far deliveries may go before a person has to look (product.md E3, E3a).

Each guard has a percentage and a number; past either of them the delivery is held. The percentage holds nothing up to
the guard's least number: under ten persons every change would be a large share.

A guard looks at a delivery alone, and at all that went to live without a person since somebody last approved a file: a
dossier counts once, however often it is touched. Within seven days deliveries together may do what one may do. Over a
longer time they may do more, slowly: see `Guard.over`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple, get_args

from instroom.core.fields import FIELDS
from instroom.core.plan.model import Change

Name = Literal["created", "changed", "sensitive", "unlinked", "left_out", "fewer"]
NAMES: Final[tuple[Name, ...]] = get_args(Name)
OF_DOSSIERS: Final[tuple[Name, ...]] = ("created", "changed", "sensitive", "unlinked")
"""The guards that add up over deliveries."""

ACTED_ON: Final = frozenset(
    field
    for fields in FIELDS.values()
    for field in fields
    if field == "debtor_number" or field.endswith("email") or field.startswith("invoice.")
)
"""What others act on: they write to it, pay it, or send a link to it to get in (the guard `sensitive`)."""

LEAST: Final = 2
"""Where a guard has no least number of its own."""
WEEK: Final = timedelta(days=7)
_WEEK, _MONTH = 7, 28  # days


class Guard(NamedTuple):
    """The most that it lets pass: neither may be exceeded."""

    percent: int
    number: int
    least: int = LEAST
    """So many pass, whatever their share."""

    def lets_pass(self, number: int, of: int) -> bool:
        share_passes = self.percent >= 100 or 100 * number <= self.percent * of
        return number <= self.number and (number <= self.least or share_passes)

    def over(self, days: int) -> "Guard":
        """What it lets pass of all deliveries of so many days together: in a week what it lets pass of one; after that
        the number once more each week, and the share and the least number once more each four weeks."""
        if days <= _WEEK:
            return self
        percent, least = (limit * (_MONTH - _WEEK + days) // _MONTH for limit in (self.percent, self.least))
        return Guard(percent, self.number * days // _WEEK, least)


USUAL: Final[Mapping[Name, Guard]] = {
    "created": Guard(20, 500),
    "changed": Guard(30, 1000),
    "sensitive": Guard(5, 100),
    "unlinked": Guard(5, 50),
    "left_out": Guard(5, 100),
    "fewer": Guard(10, 250),
}
"""Where a connection says nothing else. A delivery that comes each night changes little, and seldom shrinks."""

Touched = Mapping[Name, Collection[str]]
"""The dossiers that each guard of OF_DOSSIERS counts."""


class Step(NamedTuple):
    """A delivery that went to live without a person."""

    at: datetime
    touched: Touched
    """Those that no later step touched may do."""


class ComparedFile(NamedTuple):
    """An earlier file, of which the number of records is compared."""

    records: int
    since: datetime | None
    """When it came in live; None: it was the last one."""
    deliveries: int
    """How many came after it, the one that is judged among them."""


class Since(NamedTuple):
    """What has been since a person last approved a file of the connection."""

    dossiers: int
    """That the approved file names, as are the persons."""
    persons: int
    steps: Sequence[Step]
    """The last one first."""
    largest: ComparedFile | None
    """Of the approved file, the last one, and those of a week."""


class Measured(NamedTuple):
    """A count, and what it is a share of: of one delivery, or of several since a moment."""

    number: int
    of: int
    since: datetime | None = None
    deliveries: int = 1
    days: int = 0


class Exceeded(NamedTuple):
    """A guard that a plan is outside of, in numbers; sentences are made of it in `core.report`."""

    guard: Name
    number: int
    of: int
    most_percent: int
    most_number: int
    since: str | None = None
    """The moment of the first of the deliveries that are counted together; None: this delivery alone, or of `fewer`:
    compared with the last one."""
    deliveries: int = 1
    """How many are counted together, this one among them."""


def touched(changes: Sequence[Change]) -> dict[Name, set[str]]:
    """The dossiers of a plan that each guard counts."""
    found: dict[Name, set[str]] = {name: set() for name in OF_DOSSIERS}
    for change in changes:
        for name in guards_of(change.action, change.link, is_sensitive(change)):
            found[name].add(change.dossier)
    return found


def is_sensitive(change: Change) -> bool:
    """Whether it changes a field of a dossier that was there which others act on."""
    return change.action == "changed" and not ACTED_ON.isdisjoint(change.after)


def guards_of(action: str, link: str, sensitive: bool) -> Iterator[Name]:
    """The guards that count a change. Who is linked or relinked counts as changed."""
    if action == "new":
        yield "created"
    elif action == "changed" or link in ("linked", "relinked"):
        yield "changed"
    if sensitive:
        yield "sensitive"
    if link == "unlinked":
        yield "unlinked"


def named_by(totals: Mapping[str, Any]) -> tuple[int, int]:
    """How many companies and how many persons a file names, by the totals of its plan."""
    companies, persons = (
        sum(totals[kind][action] for action in ("new", "changed", "unchanged")) for kind in ("companies", "persons")
    )
    return companies, persons


def measure(
    totals: Mapping[str, Any], touched: Touched, records: int, since: Since, now: datetime
) -> dict[Name, list[Measured]]:
    """What the guards look at: of a plan against live, and of that and what came before it, ever further back.

    Created, changed, sensitive and unlinked are dossiers. Of one delivery they are a share of all that its file names,
    or the approved one if that names fewer: so a file does not make its own changes small by naming more. Of several
    deliveries, a share of what the approved one names and what was created since. Of the unlinked only persons count.
    Left out and fewer are records: out of those of the file, and of the largest one before it. Those left out do not
    add up: mostly they are the same each time.
    """
    named = named_by(totals)
    created = set(touched["created"]).union(*(step.touched["created"] for step in since.steps))
    persons = (named[1], since.persons + len(created))
    dossiers = (sum(named), since.dossiers + len(created))
    largest = since.largest or ComparedFile(0, None, 1)
    shrunk = Measured(max(largest.records - records, 0), largest.records, largest.since, largest.deliveries)
    return {
        **{
            name: list(_further_back(name, touched, persons if name == "unlinked" else dossiers, since.steps, now))
            for name in OF_DOSSIERS
        },
        "left_out": [Measured(totals["left_out"], records)],
        "fewer": [shrunk],
    }


def _further_back(
    name: Name, touched: Touched, of: tuple[int, int], steps: Sequence[Step], now: datetime
) -> Iterator[Measured]:
    """Nothing further back for a delivery that touches no dossier: it adds nothing to what went before."""
    together = set(touched[name])
    yield Measured(len(together), min(of))
    for deliveries, step in enumerate(steps if together else (), 2):
        if step.touched[name]:
            together.update(step.touched[name])
            yield Measured(len(together), of[1], step.at, deliveries, (now - step.at).days)


def exceeded(measured: Mapping[Name, Sequence[Measured]], own: Mapping[str, Sequence[int]]) -> list[Exceeded]:
    """The guards that are not kept, in their fixed order, each over the shortest time in which it is not. `own`: where
    a connection differs, [percent, number] or [percent, number, least]."""
    found = []
    for name in NAMES:
        guard = guard_of(name, own)
        for number, of, since, deliveries, days in measured[name]:
            most = guard.over(days)
            if not most.lets_pass(number, of):
                moment = since.isoformat() if since else None
                found.append(Exceeded(name, number, of, most.percent, most.number, moment, deliveries))
                break
    return found


def guard_of(name: Name, own: Mapping[str, Sequence[int]]) -> Guard:
    """The connection's own guard, or the usual one."""
    return Guard(*own[name]) if name in own else USUAL[name]
