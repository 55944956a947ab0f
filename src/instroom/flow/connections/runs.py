"""The times at which a file is expected, as rows (product.md E2).

There is one row ahead for each connection that is not paused. When its time comes the worker attends to it: takes the
newest file, or waits for one and tells that it is late. Everything for one connection is done under its own lock.
"""

import logging
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from instroom.core.schedule import schedule_of, times_after
from instroom.flow.connections import taking
from instroom.flow.connections.calendars import calendar_of
from instroom.flow.news import connection_news
from instroom.flow.waits import NO_FILE_FOR_ITS_TIME, NOTHING_GOOD
from instroom.store.models import Connection, ConnectionRun, Delivery
from instroom.store.states import ConnectionState, State

_log = logging.getLogger(__name__)
LATE, MISSING = ConnectionState.LATE, ConnectionState.MISSING
AGAIN: Final = timedelta(days=1)
"""After which a trouble that lasts is told again."""
_RANK: Final = {"": 0, ConnectionState.WAITING: 0, LATE: 1, MISSING: 2}


def tick(now: datetime | None = None) -> int:
    """Attend to every connection whose time has come, or for which something came after it; how many of them changed.

    `now` is another moment for tests. Whatever is killed in between is done at the next tick.
    """
    now = now or timezone.now()
    return sum(_attend(connection, now) for connection in _connections_to_attend(now))


def plan_next(connection: Connection, now: datetime | None = None, last: date = date.min) -> None:
    """Have the row of the next time, on a local date after the `last` one."""
    schedule, zone = schedule_of(connection.schedule), ZoneInfo(connection.zone)
    for due in times_after(schedule, zone, now or timezone.now(), calendar_of(connection)):
        if due.local_date > last:
            run = ConnectionRun(connection=connection, local_date=due.local_date, due_at=due.at)
            ConnectionRun.objects.bulk_create([run], ignore_conflicts=True)
            return


def plan_anew(connection: Connection, now: datetime | None = None) -> None:
    """After another schedule: what was ahead is no longer, and what was expected neither. A local date that has had
    its row gets no second one."""
    stop(connection, now)
    if not connection.paused_at:
        last = connection.runs.order_by("-local_date").values_list("local_date", flat=True).first()
        plan_next(connection, now, last or date.min)


def plan_around_closing_days(connection: Connection) -> None:
    """After other closing days: what is ahead may move; what is expected now stays so."""
    if not connection.paused_at:
        connection.runs.filter(due_at__gt=timezone.now()).delete()
        plan_next(connection)


def stop(connection: Connection, now: datetime | None = None) -> None:
    """Nothing is expected any more; what has been stays known."""
    connection.runs.filter(due_at__gt=now or timezone.now()).delete()
    connection.runs.filter(open=True).update(open=False)


def _connections_to_attend(now: datetime) -> list[Connection]:
    """Those with an open row whose time has come and for which nothing good came, and those on arrival with a file."""
    wanting = Q(delivery=None) | Q(delivery__state__in=NOTHING_GOOD) & ~Q(delivery__reason="unchanged")
    run = ConnectionRun.objects.filter(wanting, connection=OuterRef("pk"), open=True, due_at__lte=now)
    file = Delivery.objects.filter(connection=OuterRef("pk"), state=State.RECEIVED, waits_for="hour")
    found = Connection.objects.filter(Q(Exists(run)) | Q(Exists(file), schedule="arrival"), paused_at=None)
    return list(found.select_related("customer"))


def _attend(connection: Connection, now: datetime) -> bool:
    """Look first, and take the lock only where there is something to do. A connection that breaks keeps no other one
    waiting."""
    try:
        if not _act(connection, now, looking=True):
            return False
        with transaction.atomic():
            held = Connection.objects.select_for_update().filter(pk=connection.pk, paused_at=None).first()
            if held is None:  # paused or removed in the meantime
                return False
            held.customer = connection.customer
            return _act(held, now, looking=False)
    except Exception:
        _log.exception("the connection %s broke off; it is tried again", connection.pk)
        return False


def _act(connection: Connection, now: datetime, *, looking: bool) -> bool:
    """Whether there is something to do for a connection; and unless we are only `looking`, it is done."""
    come = connection.runs.filter(open=True, due_at__lte=now).select_related("delivery")
    open_runs = list(come.order_by("-due_at"))
    run = open_runs[0] if open_runs else None
    ahead = connection.schedule == "arrival" or connection.runs.filter(due_at__gt=now).exists()
    file = taking.newest_file(connection, run)
    state = _by_the_clock(connection, run, now)
    turns = run is not None and state != run.state
    tells = file is None and run is not None and _is_to_be_told(connection, state, now)
    something = bool(file or turns or tells or open_runs[1:] or not ahead)
    if looking or not something:
        return something
    if not ahead:
        plan_next(connection, now)
    for older in open_runs[1:]:  # the next time has come: no file is taken for these any more
        closed_as = MISSING if _is_awaited(older) else older.state
        ConnectionRun.objects.filter(pk=older.pk).update(open=False, state=closed_as)
    if file:
        taking.take(connection, run, file, now)
    elif run:
        ConnectionRun.objects.filter(pk=run.pk).update(state=state)
        run.state = state
        if tells:
            trouble = max(connection.trouble, state, key=_RANK.__getitem__)
            connection_news.tell_trouble(connection, run, trouble, now)
    return True


def _by_the_clock(connection: Connection, run: ConnectionRun | None, now: datetime) -> str:
    """The state of a run for which no file came, or none of which anything good came: then the grace begins anew."""
    if run is None or not _is_awaited(run):
        return run.state if run else ""
    ended = run.delivery.finished_at if run.delivery else None
    since = max(run.due_at, ended or run.due_at)
    if now >= since + timedelta(minutes=connection.missing_after):
        return MISSING
    if now >= since + timedelta(minutes=connection.late_after):
        return LATE
    return ConnectionState.AWAITING_CORRECTION if run.delivery else run.state


def _is_awaited(run: ConnectionRun) -> bool:
    if run.state == ConnectionState.TAKEN:
        return run.delivery is not None and run.delivery.state in NO_FILE_FOR_ITS_TIME
    return run.state in (ConnectionState.WAITING, ConnectionState.AWAITING_CORRECTION, LATE)


def _is_to_be_told(connection: Connection, state: str, now: datetime) -> bool:
    """Late, then missing, each once; and again after a day, for as long as it lasts."""
    if state not in (LATE, MISSING):
        return False
    worse = _RANK[state] > _RANK[connection.trouble]
    return worse or connection.told_at is None or now >= connection.told_at + AGAIN
