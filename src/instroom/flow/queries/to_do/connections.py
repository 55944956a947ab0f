"""Of connections: a file that is missing, late, rejected, or the same as last time, and those that are paused."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from instroom.flow.queries.to_do.thing import MOST, WHOSE, Kind, Thing, Whose, path_of
from instroom.store.models import Connection, ConnectionRun, Customer, Delivery, User
from instroom.store.states import ConnectionState, State

_BAD: Final = (State.REJECTED, State.FAILED)


def of_connections(customers: QuerySet[Customer], now: datetime) -> Iterator[Thing]:
    """One for each connection: a rejected file is why the next one is missing."""
    works = Connection.objects.filter(customer__in=customers, paused_at=None)
    bad = dict(_with_a_bad_file(works))
    yield from bad.values()
    for pk, thing in _without_a_file(works, now):
        if pk not in bad:
            yield thing
    paused = Connection.objects.filter(customer__in=customers).exclude(paused_at=None)
    for name, since, *whose in paused.values_list("name", "paused_at", *WHOSE)[:MOST]:
        yield _of_connection(Kind.PAUSED, name, name, since, Whose(*whose))


def _with_a_bad_file(works: QuerySet[Connection]) -> Iterator[tuple[UUID, Thing]]:
    """Whose last file that was looked at was rejected or failed."""
    looked_at = Delivery.objects.filter(connection=OuterRef("pk"), kind=Delivery.FILE, waits_for="")
    last = looked_at.exclude(state=State.SUPERSEDED).order_by("-number")
    ended_badly = works.annotate(last_state=Subquery(last.values("state")[:1])).filter(last_state__in=_BAD)
    ids = [pk for (pk,) in ended_badly.annotate(last=Subquery(last.values("pk")[:1])).values_list("last")[:MOST]]
    corrected = set(Delivery.objects.filter(corrects__in=ids).values_list("corrects", flat=True))
    bad = Delivery.objects.filter(pk__in=set(ids) - corrected)
    fields = ("connection", "pk", "file_name", "state", "reason", "changed_at", "counts")
    for pk, delivery, file, state, reason, since, counts, *whose in bad.values_list(*fields, *WHOSE):
        kind, facts = Kind.REJECTED, {"errors": counts.get("errors", 0)}
        if state == State.FAILED:
            kind, facts = Kind.FAILED, {}
        elif reason == "stale":
            kind, facts = Kind.STALE, {}
        customer = Whose(*whose)
        yield pk, Thing(kind, customer, file, since, path_of(customer.name, "deliveries", delivery), facts)


def _without_a_file(works: QuerySet[Connection], now: datetime) -> Iterator[tuple[UUID, Thing]]:
    """Whose file is late or missing: since the first time without one."""
    runs = ConnectionRun.objects.filter(connection=OuterRef("pk"), due_at__lte=now)
    came = ConnectionRun.objects.filter(
        connection=OuterRef("connection"), due_at__gt=OuterRef("due_at"), state=ConnectionState.TAKEN
    )
    without = runs.filter(~Exists(came), state__in=(ConnectionState.LATE, ConnectionState.MISSING))
    found = works.exclude(trouble="").exclude(schedule="arrival")
    first = found.annotate(
        since=Subquery(without.order_by("due_at").values("due_at")[:1]),
        last=Subquery(without.order_by("-due_at").values("due_at")[:1]),
    )
    contact = [f"account__contact__{name}" for name in ("username", "first_name", "last_name")]
    fields = ("pk", "name", "file_name", "trouble", "zone", "since", "last", *contact, *WHOSE)
    for pk, name, file, trouble, zone, since, last, user, given, family, *whose in first.values_list(*fields)[:MOST]:
        if since:
            asked = User(username=user, first_name=given, last_name=family).called if user else ""
            kind = Kind.MISSING if trouble == ConnectionState.MISSING else Kind.LATE
            facts = {"expected": last.astimezone(ZoneInfo(zone)), "contact": asked}
            yield pk, _of_connection(kind, name, file or name, since, Whose(*whose), **facts)


def _of_connection(kind: Kind, name: str, about: str, since: datetime | None, customer: Whose, **facts: Any) -> Thing:
    return Thing(kind, customer, about, since, path_of(customer.name, "connections", name), facts)
