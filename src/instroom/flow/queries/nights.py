"""What became of the times of the last thirty days: one mark a night for each connection, or all of them by day."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from instroom.store.models import Connection, ConnectionRun, Customer
from instroom.store.states import ConnectionState, State

_DAYS: Final = 30
_MOST: Final = 30  # of one connection: one may run several times a day


class Outcome(StrEnum):
    """What became of one time."""

    ON_TIME = "on-time"
    LATE = "late"
    MISSING = "missing"
    REJECTED = "rejected"
    STALE = "stale"


class Night(NamedTuple):
    """One time of a connection, on its own clock."""

    date: date
    outcome: Outcome


class Nights(NamedTuple):
    """Those of one connection, the last one at the end."""

    each: list[Night]

    @property
    def totals(self) -> dict[Outcome, int]:
        """How many of each there were, in the order of Outcome."""
        counts = Counter(night.outcome for night in self.each)
        return {outcome: counts[outcome] for outcome in Outcome if counts[outcome]}


class Day(NamedTuple):
    """The times of several connections on one day."""

    date: date
    outcomes: dict[Outcome, int]
    """How many of each, also where there are none."""


def nights_of(connections: Sequence[Connection], now: datetime | None = None) -> dict[UUID, Nights]:
    """Of each connection that has had a time, by its id. Who asks must see the connections."""
    found: dict[UUID, list[Night]] = {}
    for pk, night in _nights(ConnectionRun.objects.filter(connection__in=connections).order_by("due_at"), now):
        found.setdefault(pk, []).append(night)
    return {pk: Nights(each[-_MOST:]) for pk, each in found.items()}


def nights_by_day(customers: Sequence[Customer], now: datetime | None = None) -> list[Day]:
    """Of all connections of these customers, today last."""
    today = timezone.localdate(now)
    days = [Day(today - timedelta(days=back), dict.fromkeys(Outcome, 0)) for back in reversed(range(_DAYS))]
    by_date = {day.date: day for day in days}
    for _, night in _nights(ConnectionRun.objects.filter(connection__customer__in=customers), now):
        if day := by_date.get(night.date):  # each is on the clock of its connection
            day.outcomes[night.outcome] += 1
    return days


def _nights(runs: QuerySet[ConnectionRun], now: datetime | None) -> Iterator[tuple[UUID, Night]]:
    """Each time of the last thirty days whose grace has ended, with the id of its connection."""
    now = now or timezone.now()
    fields = ("connection", "connection__late_after", "local_date", "due_at", "state", "taken_at", "delivery")
    recent = runs.filter(due_at__lte=now, due_at__gt=now - timedelta(days=_DAYS))
    for pk, grace, on, due_at, state, taken_at, delivery, ended_as in recent.values_list(*fields, "delivery__state"):
        late = taken_at is not None and taken_at > due_at + timedelta(minutes=grace)
        if outcome := _outcome(state, bool(delivery), ended_as, late):
            yield pk, Night(on, outcome)


def _outcome(state: str, had_file: bool, ended_as: str | None, late: bool) -> Outcome | None:
    """None for a time whose grace has not ended."""
    if state == ConnectionState.STALE:
        return Outcome.STALE
    if had_file and (state != ConnectionState.TAKEN or ended_as in (State.REJECTED, State.FAILED)):
        return Outcome.REJECTED
    if state == ConnectionState.TAKEN:
        return Outcome.LATE if late else Outcome.ON_TIME
    return {ConnectionState.LATE: Outcome.LATE, ConnectionState.MISSING: Outcome.MISSING}.get(ConnectionState(state))
