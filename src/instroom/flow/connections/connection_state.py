"""How a connection is: its state, its next times, and what has been (product.md E2)."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone

from instroom.core.plan.guards import NAMES, guard_of
from instroom.core.schedule import Due, Schedule, next_times, schedule_of
from instroom.flow.connections.calendars import calendar_of
from instroom.flow.delivery.standing import stands_back_since
from instroom.flow.news import mail_choice
from instroom.flow.safeguards import proposals
from instroom.flow.safeguards.relaxing import giver_left
from instroom.flow.source_limits import visible
from instroom.flow.waits import FOR_A_PERSON, waits_until
from instroom.store.models import Connection, ConnectionRun, Customer, Delivery, Proposal, User
from instroom.store.states import ConnectionState, State

_SHOWN: Final = 20
_FEW: Final = 10


class ConnectionStatus(NamedTuple):
    """A connection as it is now."""

    connection: Connection
    state: ConnectionState
    """What became of the last time, unless it is paused."""
    schedule: Schedule
    next: list[Due]
    """The next three times; none while it is paused, or on arrival."""
    last: Delivery | None
    """The last file that was looked at."""
    waiting: list[Delivery]
    """What came in and waits for its hour, the newest first."""
    waits_until: datetime | None
    """When the newest of those is taken; None where none waits, or that is at once or unknown."""
    proposals: list[Proposal]
    """What waits for a second person."""
    stands_back: datetime | None
    """Since when the standing approval, if there is one, waits for a person to approve a file again."""


def connection_status(connection: Connection, now: datetime | None = None) -> ConnectionStatus:
    """How a connection is at this moment."""
    now, schedule = now or timezone.now(), schedule_of(connection.schedule)
    zone, calendar = ZoneInfo(connection.zone), calendar_of(connection)
    ahead = [] if connection.paused_at else next_times(schedule, zone, now, calendar=calendar)
    files = Delivery.objects.filter(connection=connection, kind=Delivery.FILE).order_by("-number")
    last = files.filter(waits_for="").exclude(state=State.SUPERSEDED).first()
    waiting = list(files.filter(state=State.RECEIVED, waits_for="hour")[:_SHOWN])
    until = waits_until(waiting[0]) if waiting else None
    waits = proposals.waiting(connection.customer, connection)
    back = stands_back_since(connection) if connection.standing_since else None
    return ConnectionStatus(
        connection, _state(connection, last, now), schedule, ahead, last, waiting, until, waits, back
    )


def document(status: ConnectionStatus) -> dict[str, Any]:
    """As programs see it; a moment is on the clock of the connection."""
    one = status.connection
    return {
        "name": one.name,
        "customer": one.customer.name,
        "account": one.account.name if one.account else None,
        "file_name": one.file_name,
        "folder": one.folder,
        "sources": one.sources,
        "layout": one.layout,
        "policies": one.policies,
        "schedule": one.schedule,
        "zone": one.zone,
        "on_closed": one.on_closed,
        "late_after": one.late_after,
        "missing_after": one.missing_after,
        "on_late": one.on_late,
        "same_is_normal": one.same_is_normal,
        "on_correction": one.on_correction,
        "state": status.state,
        "next": [due.at.astimezone(ZoneInfo(one.zone)).isoformat() for due in status.next],
        "last": str(status.last.pk) if status.last else None,
        "waiting": [str(file.pk) for file in status.waiting],
        "standing_approval": one.standing_since is not None,
        "stands_back_since": status.stands_back.isoformat() if status.stands_back else None,
        "standing_lapsed": giver_left(one),
        "proposals": [str(proposal.pk) for proposal in status.proposals],
        "guards": {name: guard_of(name, one.guards)._asdict() for name in NAMES},
        "mails": mail_choice.document(one),
    }


def runs_of(connection: Connection, now: datetime | None = None, *, by: User | None) -> list[ConnectionRun]:
    """The times that have come, the last one first; each with its delivery where `by` may see that. Not to be saved."""
    found = connection.runs.filter(due_at__lte=now or timezone.now()).select_related("delivery")
    runs = list(found.order_by("-due_at")[:_SHOWN])
    taken = Delivery.objects.filter(pk__in=[one.delivery_id for one in runs if one.delivery_id])
    seen = set(visible(taken, connection.customer, by).values_list("pk", flat=True))
    for run in runs:
        run.delivery = run.delivery if run.delivery_id in seen else None
    return runs


def files_of(connection: Connection, *, by: User) -> list[Delivery]:
    """What came in for it, is on its way or done, and may be seen by `by`, the newest first."""
    found = Delivery.objects.filter(connection=connection, kind=Delivery.FILE, waits_for="")
    found = visible(found, connection.customer, by)
    return list(found.select_related("customer", "account", "delivered_by").order_by("-number")[:_FEW])


def waiting_for_a_person(customer: Customer, of: User | None = None) -> list[Delivery]:
    """What came in under a name that no connection of its account has, or with a date before that of the last file,
    and waits for a person, the newest first. With `of`, what this user may see of it."""
    found = Delivery.objects.filter(customer=customer, state=State.RECEIVED, waits_for__in=FOR_A_PERSON)
    found = visible(found.select_related("account", "connection"), customer, of)
    return list(found.order_by("-number")[:_SHOWN])


def _state(connection: Connection, last: Delivery | None, now: datetime) -> ConnectionState:
    if connection.paused_at:
        return ConnectionState.PAUSED
    if connection.schedule == "arrival":
        if last is None:
            return ConnectionState.WAITING
        return ConnectionState.STALE if last.reason == "stale" else ConnectionState.TAKEN
    run = connection.runs.filter(due_at__lte=now).order_by("-due_at").first()
    return ConnectionState(run.state) if run else ConnectionState.WAITING
