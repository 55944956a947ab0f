"""Takes the newest file of a connection when its hour has come (product.md E2)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from instroom.core.errors import NotAllowed, NotFound
from instroom.core.schedule import schedule_of, time_before
from instroom.flow import audit, find, permissions
from instroom.flow.connections.calendars import calendar_of
from instroom.flow.delivery.file_dates import is_older, newest_of
from instroom.flow.delivery.same_file import is_normal_repeat, is_same_as_last
from instroom.flow.delivery.states import NOT_LOOKED_AT
from instroom.flow.delivery.transitions import move
from instroom.flow.news import connection_news
from instroom.flow.policies import file_policies
from instroom.flow.source_limits import refuse_other_sources
from instroom.flow.waits import look_at_once, nothing_good_came
from instroom.store import database_clock
from instroom.store.models import Connection, ConnectionRun, Delivery, User
from instroom.store.states import ConnectionState, State


def newest_file(connection: Connection, run: ConnectionRun | None) -> Delivery | None:
    """The newest whole file for this run: one that waits, or one that a person has delivered for this time already.

    Without a run, which is on arrival, one that waits. Of a run that has had its file there is none, unless nothing
    good came of that.
    """
    waiting = _waiting(connection)
    if run is None:
        return newest_of(connection, waiting) if connection.schedule == "arrival" else None
    if run.delivery is not None and not nothing_good_came(run):
        return None
    if run.delivery is None and connection.on_late == "next":
        waiting = waiting.filter(received_at__lte=run.due_at + timedelta(minutes=connection.late_after))
    if run.delivery is not None and connection.on_correction == "next":
        waiting = waiting.none()
    found = filter(None, (newest_of(connection, waiting), _by_hand(connection, run)))
    return max(found, key=lambda one: one.number, default=None)


def take(connection: Connection, run: ConnectionRun | None, file: Delivery, now: datetime) -> None:
    """Let the file go on, or end it where it has the same bytes as last time; what came before it is superseded.

    The caller holds the connection.
    """
    for older in (one for one in _waiting(connection).exclude(pk=file.pk) if is_older(connection, one, file)):
        move(older, State.SUPERSEDED, finished_at=now)
        audit.record(older, "superseded", by=str(file.pk))
    state, repeats = ConnectionState.TAKEN, is_normal_repeat(file)
    if repeats:
        move(file, State.SUPERSEDED, reason="unchanged", finished_at=now)
        audit.record(file, "unchanged")
    elif file.waits_for and is_same_as_last(connection, file):
        state = ConnectionState.STALE
        move(file, State.REJECTED, reason="stale", finished_at=now)
        audit.record(file, "stale")
    elif file.waits_for:
        _let_go_on(file)
        audit.record(file, "taken", connection=connection.name)
    if run:
        ConnectionRun.objects.filter(pk=run.pk).update(state=state, open=not repeats, delivery=file, taken_at=now)
        connection_news.tell_file_arrived(connection, run, state)


@transaction.atomic
def take_now(delivery: Delivery, *, by: User, connection: Connection | None = None) -> None:
    """A person lets a file that waits go on at once. One under a name that no connection has goes on as a file of the
    `connection` that the person chooses: its layout, policies, schedule and approval are that one's.

    Raises NotFound, and NotAllowed where it waits no longer, or no connection is chosen and the customer has one.
    """
    permissions.check(by, "deliver", delivery.customer)
    refuse_other_sources(delivery, "deliver", by)
    if not delivery.waits_for:
        raise NotAllowed("waits-for-nothing")
    if delivery.connection:
        find.hold_connection(delivery.connection)  # before the delivery, as the worker does
    chosen = _chosen(delivery, connection) if delivery.waits_for == "name" else {}
    if not _let_go_on(delivery, taken_at=database_clock.now(), **chosen):
        raise NotAllowed("waits-for-nothing")
    if delivery.connection_id:
        look_at_once(delivery.connection_id)
    facts = {"connection": connection.name} if connection and chosen else {}
    audit.record(delivery, "taken", by, **facts)


def _chosen(delivery: Delivery, connection: Connection | None) -> dict[str, Any]:
    """What a file takes over from the connection that it turns out to belong to, which nobody removes meanwhile."""
    if connection is None:
        if Connection.objects.filter(customer=delivery.customer_id).exists():
            raise NotAllowed("choose-connection")
        return {}
    if connection.customer_id != delivery.customer_id:
        raise NotFound("no-connection", customer=delivery.customer.name, name=connection.name)
    connection = find.hold_connection(connection)
    agreed = file_policies(delivery.customer, connection, {})._asdict()
    return {"connection": connection, "layout": connection.layout, "policies": agreed}


def _let_go_on(delivery: Delivery, **values: Any) -> bool:
    values |= {"waits_for": "", "changed_at": database_clock.now()}
    waiting = Delivery.objects.filter(pk=delivery.pk, state=State.RECEIVED).exclude(waits_for="")
    if waiting.update(**values) != 1:
        return False
    for name, value in values.items():
        setattr(delivery, name, value)
    return True


def _waiting(connection: Connection) -> QuerySet[Delivery]:
    """What came in for a connection and waits for its hour, the newest first."""
    return connection.deliveries.filter(state=State.RECEIVED, waits_for="hour").order_by("-number")


def _by_hand(connection: Connection, run: ConnectionRun) -> Delivery | None:
    """What a person has delivered on this connection since its time before, or let go on, and no run has taken."""
    schedule, zone = schedule_of(connection.schedule), ZoneInfo(connection.zone)
    before = time_before(schedule, zone, run.due_at, calendar_of(connection))
    since = max(before or connection.made_at, connection.made_at)
    found = connection.deliveries.filter(
        Q(received_at__gt=since) | Q(taken_at__gt=since), kind=Delivery.FILE, waits_for="", runs=None
    )
    if run.delivery:
        found = found.filter(number__gt=run.delivery.number)
    return found.exclude(state__in=NOT_LOOKED_AT).order_by("-number").first()
