"""The times at which a file is expected, as rows (product.md E2).

There is one row ahead for each connection that is not paused. When its time comes the worker attends to it: takes the
newest file, or waits for one and tells that it is late. Everything for one connection is done under its own lock, and
`look_at` says when there may be something to do next.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from instroom.core.schedule import schedule_of, times_after
from instroom.flow.connections import taking
from instroom.flow.connections.calendars import calendar_of
from instroom.flow.news import connection_news
from instroom.flow.passing_by import is_site_trouble
from instroom.flow.waits import NO_FILE_FOR_ITS_TIME, look_at_once, nothing_good_came
from instroom.store import database_clock
from instroom.store.models import Connection, ConnectionRun
from instroom.store.models.connections import AT_ONCE
from instroom.store.states import ConnectionState
from instroom.store.troubles import where_of

_log = logging.getLogger(__name__)
LATE, MISSING, TAKEN = ConnectionState.LATE, ConnectionState.MISSING, ConnectionState.TAKEN
AGAIN: Final = timedelta(days=1)
"""After which a trouble that lasts is told again."""
_AFTER_A_FAULT: Final = timedelta(minutes=1)
_RANK: Final = {"": 0, ConnectionState.WAITING: 0, LATE: 1, MISSING: 2}


def tick(now: datetime | None = None, stop: Callable[[], bool] = lambda: False) -> int:
    """Attend to every connection whose time has come, or for which something came after it, until it is time to stop;
    how many of them changed.

    `now` is another moment for tests. Whatever is killed in between is done at the next tick, and what another process
    attends to is left to that.
    """
    now = now or database_clock.now()
    due = Connection.objects.filter(look_at__lte=now, paused_at=None, customer__move=None).order_by("look_at")
    return sum(not stop() and _attend(pk, now) for pk in due.values_list("pk", flat=True))


def plan_next(connection: Connection, now: datetime | None = None, last: date = date.min) -> None:
    """Have the row of the next time, on a local date after the `last` one."""
    schedule, zone = schedule_of(connection.schedule), ZoneInfo(connection.zone)
    for due in times_after(schedule, zone, now or database_clock.now(), calendar_of(connection)):
        if due.local_date > last:
            run = ConnectionRun(connection=connection, local_date=due.local_date, due_at=due.at)
            ConnectionRun.objects.bulk_create([run], ignore_conflicts=True)
            return


def plan_anew(connection: Connection, now: datetime | None = None) -> None:
    """After another schedule: what was ahead is no longer, and what was expected neither. A local date that has had
    its row gets no second one."""
    stop(connection, now)
    look_at_once(connection.pk)
    if not connection.paused_at:
        last = connection.runs.order_by("-local_date").values_list("local_date", flat=True).first()
        plan_next(connection, now, last or date.min)


def plan_around_closing_days(connection: Connection) -> None:
    """After other closing days: what is ahead may move; what is expected now stays so."""
    if not connection.paused_at:
        connection.runs.filter(due_at__gt=database_clock.now()).delete()
        plan_next(connection)
        look_at_once(connection.pk)


def stop(connection: Connection, now: datetime | None = None) -> None:
    """Nothing is expected any more; what has been stays known."""
    connection.runs.filter(due_at__gt=now or database_clock.now()).delete()
    connection.runs.filter(open=True).update(open=False)


def _attend(pk: UUID, now: datetime) -> bool:
    """Whether something was done, after which it is looked at once more. A connection that breaks keeps no other one
    waiting."""
    try:
        with transaction.atomic():
            due = Connection.objects.filter(pk=pk, look_at__lte=now, paused_at=None, customer__move=None)
            held = due.select_for_update(of=("self",), skip_locked=True).select_related("customer").first()
            if held is None:
                return False
            run, acted = _act(held, now)
            look_at = AT_ONCE if acted else _next_look(held, run, now)
            Connection.objects.filter(pk=pk).update(look_at=look_at)
            return acted
    except Exception as error:
        if is_site_trouble(error):
            raise
        _log.error("the connection %s broke off and is tried again: %s", pk, where_of(error), extra={"connection": pk})
        Connection.objects.filter(pk=pk).update(look_at=now + _AFTER_A_FAULT)
        return False


def _act(connection: Connection, now: datetime) -> tuple[ConnectionRun | None, bool]:
    """Do what is to be done for a connection. Gives the time that came last, and whether there was something."""
    come = connection.runs.filter(open=True, due_at__lte=now).select_related("delivery")
    open_runs = list(come.order_by("-due_at"))
    run = open_runs[0] if open_runs else None
    ahead = connection.schedule == "arrival" or connection.runs.filter(due_at__gt=now).exists()
    file = taking.newest_file(connection, run)
    state = _by_the_clock(connection, run, now)
    turns = run is not None and state != run.state
    tells = file is None and run is not None and _is_to_be_told(connection, state, now)
    if not (file or turns or tells or open_runs[1:] or not ahead):
        return run, False
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
        elif state == TAKEN:
            connection_news.tell_file_arrived(connection, run, state)
    return run, True


def _next_look(connection: Connection, run: ConnectionRun | None, now: datetime) -> datetime:
    """When the clock alone gives it something to do. What comes before that, or ends badly, says so itself."""
    moments = [now + AGAIN, *connection.runs.filter(due_at__gt=now).values_list("due_at", flat=True)]
    if run:
        since = _awaited_since(run)
        moments += [since + timedelta(minutes=after) for after in (connection.late_after, connection.missing_after)]
    if connection.told_at:
        moments.append(connection.told_at + AGAIN)
    return min(moment for moment in moments if moment > now)


def _by_the_clock(connection: Connection, run: ConnectionRun | None, now: datetime) -> str:
    """The state of a run for which no file came, or none of which anything good came: then the grace begins anew."""
    if run and run.delivery and not nothing_good_came(run):
        return TAKEN  # also of a file that had failed and is tried again
    if run is None or not _is_awaited(run):
        return run.state if run else ""
    since = _awaited_since(run)
    if now >= since + timedelta(minutes=connection.missing_after):
        return MISSING
    if now >= since + timedelta(minutes=connection.late_after):
        return LATE
    return ConnectionState.AWAITING_CORRECTION if run.delivery else run.state


def _awaited_since(run: ConnectionRun) -> datetime:
    ended = run.delivery.finished_at if run.delivery else None
    return max(run.due_at, ended or run.due_at)


def _is_awaited(run: ConnectionRun) -> bool:
    if run.state == TAKEN:
        return run.delivery is not None and run.delivery.state in NO_FILE_FOR_ITS_TIME
    return run.state in (ConnectionState.WAITING, ConnectionState.AWAITING_CORRECTION, LATE)


def _is_to_be_told(connection: Connection, state: str, now: datetime) -> bool:
    """Late, then missing, each once; and again after a day, for as long as it lasts."""
    if state not in (LATE, MISSING):
        return False
    worse = _RANK[state] > _RANK[connection.trouble]
    return worse or connection.told_at is None or now >= connection.told_at + AGAIN
