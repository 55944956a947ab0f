"""What became of the times of the last thirty days, for each connection: one mark a night."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from django.utils import timezone

from instroom.store.models import Connection, ConnectionRun
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


def nights_of(connections: Sequence[Connection], now: datetime | None = None) -> dict[UUID, Nights]:
    """Of each connection that has had a time, by its id. Who asks must see the connections."""
    now = now or timezone.now()
    runs = ConnectionRun.objects.filter(
        connection__in=connections, due_at__lte=now, due_at__gt=now - timedelta(days=_DAYS)
    )
    fields = ("connection", "local_date", "due_at", "state", "taken_at", "delivery", "delivery__state")
    found: dict[UUID, list[Night]] = {}
    grace = {one.pk: timedelta(minutes=one.late_after) for one in connections}
    rows = runs.order_by("due_at").values_list(*fields)
    for pk, on, due_at, state, taken_at, delivery, ended_as in rows:
        late = taken_at is not None and taken_at > due_at + grace[pk]
        if outcome := _outcome(state, bool(delivery), ended_as, late):
            found.setdefault(pk, []).append(Night(on, outcome))
    return {pk: Nights(each[-_MOST:]) for pk, each in found.items()}


def _outcome(state: str, had_file: bool, ended_as: str | None, late: bool) -> Outcome | None:
    """None for a time whose grace has not ended."""
    if state == ConnectionState.STALE:
        return Outcome.STALE
    if had_file and (state != ConnectionState.TAKEN or ended_as in (State.REJECTED, State.FAILED)):
        return Outcome.REJECTED
    if state == ConnectionState.TAKEN:
        return Outcome.LATE if late else Outcome.ON_TIME
    return {ConnectionState.LATE: Outcome.LATE, ConnectionState.MISSING: Outcome.MISSING}.get(ConnectionState(state))
