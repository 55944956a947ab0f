"""Standing approval (product.md E3, E3a): one delivery of a connection for each of its times goes to live without a
person, as long as it, and all that went so since a person last approved one, stays within the connection's guards.
Outside them it is held; wherever anything is not certain a person is asked. Where two persons are agreed on, who gave
it gave it for the files of others.

It stands back after a person's correction: once somebody has undone, refused or withdrawn a file of the connection,
none goes to live by itself until a person has approved one again. The standing approval itself stays set.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Q

from instroom.core.plan.guards import Exceeded, Since, exceeded, measure, touched
from instroom.core.plan.model import Plan
from instroom.flow import audit, policies, two_persons
from instroom.flow.delivery.last_approval import Approved, approved_imports, last_approved, since_approval
from instroom.flow.delivery.states import NOT_IN_LIVE_BY_ITSELF, TURNED_DOWN
from instroom.flow.delivery.transitions import move
from instroom.flow.earlier_versions import FEWER, fewer_than_before
from instroom.flow.safeguards.relaxing import giver_left
from instroom.store import database_clock
from instroom.store.models import Connection, Delivery
from instroom.store.sql.versions import ids_of_versions
from instroom.store.states import State


def await_decision(delivery: Delivery, plan: Plan) -> None:
    """What follows training, in its transaction: approved automatically at its time, held, or waiting for a person.

    `plan` is the one against live.
    """
    if delivery.kind == Delivery.FILE and not delivery.complete and (lacking := fewer_than_before(delivery)):
        move(delivery, State.HELD, reason=FEWER)
        audit.record(delivery, "held-fewer", records=lacking)
        return
    if plan.totals.get("erased") and delivery.kind == Delivery.FILE:
        move(delivery, State.HELD, reason="erased")
        audit.record(delivery, "held-erased", records=plan.totals["erased"])
        return
    connection, now = delivery.connection, database_clock.now()
    approved = last_approved(connection) if connection and _stands_for(delivery, connection) else None
    if connection is None or approved is None:
        move(delivery, State.AWAITING_APPROVAL)
        return
    since, taken_back = since_approval(connection, approved, plan, now)
    found = _exceeded(delivery, connection, plan, since, now)
    corrected = _corrected_at(delivery, connection) or taken_back
    why = "corrected" if corrected else _why_giver_may_not(delivery, connection) or ("guards" if found else "")
    if why or _went_before(delivery, connection, approved):
        why = why or "once"
        move(delivery, State.HELD, reason=why, exceeded=[one._asdict() for one in found])
        facts: dict[str, Any] = {"corrected": corrected.isoformat()} if corrected else {}
        audit.record(delivery, "held", guards={one.guard: [one.number, one.of] for one in found}, **facts)
    else:
        _approve(delivery, connection, plan)


def ends_unchanged(delivery: Delivery, plan: Plan) -> bool:
    """Whether a file that changes nothing in live is done with its training, where that was agreed on
    (`unchanged_ends`). Not where anything stands out: a record that is left out, fewer records than before, an erased
    person, a guard of the connection, or a person who has corrected one of its files."""
    if plan.changes or plan.totals["left_out"] or plan.totals.get("erased") or delivery.kind != Delivery.FILE:
        return False
    if not policies.approval_policies(delivery).unchanged_ends or fewer_than_before(delivery):
        return False
    connection = delivery.connection
    return connection is None or not (_corrected_at(delivery, connection) or exceeded_now(delivery, plan))


def exceeded_now(delivery: Delivery, plan: Plan) -> list[dict[str, Any]]:
    """The guards that another plan of a held delivery is outside of; none where no standing approval holds it."""
    connection, now = delivery.connection, database_clock.now()
    approved = last_approved(connection) if connection else None
    if connection is None or approved is None:
        return []
    since, _ = since_approval(connection, approved, plan, now)
    return [one._asdict() for one in _exceeded(delivery, connection, plan, since, now)]


def _exceeded(delivery: Delivery, connection: Connection, plan: Plan, since: Since, now: datetime) -> list[Exceeded]:
    measured = measure(plan.totals, touched(plan.changes), int(delivery.counts["records"]), since, now)
    return exceeded(measured, connection.guards)


def why_not_automatic(delivery: Delivery) -> str:
    """Why what was approved automatically may not go to live after all: the standing approval has ended since, or a
    person has corrected a file of the connection; "" where it may."""
    connection = delivery.connection
    if not delivery.automatic:
        return ""
    if connection is None or not connection.standing_since:
        return "standing-ended"
    return _why_giver_may_not(delivery, connection) or ("corrected" if stands_back_since(connection) else "")


def stand_back(delivery: Delivery) -> None:
    """A person undoes, refuses or withdraws it: from here on its connection's standing approval stands back. Of an undo
    the connection is that of the file that it undoes, however many undos are in between."""
    file = policies.file_of(delivery)
    if file.connection_id:
        Connection.objects.filter(pk=file.connection_id).update(corrected_at=database_clock.now())


def stands_back_since(connection: Connection) -> datetime | None:
    """The moment of a person's last correction, as long as no file that was approved after it is in live."""
    at = connection.corrected_at
    if at is None or approved_imports(connection).filter(delivery__decided_at__gt=at).exists():
        return None
    return at


def _why_giver_may_not(delivery: Delivery, connection: Connection) -> str:
    """Who gave the standing approval may not approve any more, or not this one, which is theirs (D3); "" where they
    may."""
    if giver_left(connection):
        return "giver-left"
    return "giver-delivered" if connection.standing_by_id in two_persons.makers_who_may_not_approve(delivery) else ""


def _corrected_at(delivery: Delivery, connection: Connection) -> datetime | None:
    """When a person corrected a file of the connection, or a version before this one, on whatever connection."""
    versions = Delivery.objects.filter(pk__in=ids_of_versions(delivery) if delivery.corrects_id else [])
    corrected = versions.filter(Q(state__in=TURNED_DOWN) | Q(reason="unapproved")).order_by("-changed_at")
    return corrected.values_list("changed_at", flat=True).first() or stands_back_since(connection)


def _stands_for(delivery: Delivery, connection: Connection) -> bool:
    """Whether it came in as agreed: what a person has let go on, what asks other policies or another layout, and what
    comes while nothing is expected, waits for a person."""
    agreed = policies.file_policies(delivery.customer, connection, {})._asdict()
    return (
        connection.standing_since is not None
        and connection.paused_at is None
        and delivery.kind == Delivery.FILE
        and delivery.taken_at is None
        and (delivery.layout, delivery.policies) == (connection.layout, agreed)
    )


def _went_before(delivery: Delivery, connection: Connection, approved: Approved) -> bool:
    """Whether another one went by itself for the same time of the connection, and since a person last approved one. Its
    time is the one that took it, or else the last one before it came in; on arrival, each day is a time."""
    if connection.schedule == "arrival":
        came = delivery.received_at.astimezone(ZoneInfo(connection.zone))
        start = came.replace(hour=0, minute=0, second=0, microsecond=0)
    else:
        times = connection.runs.filter(Q(delivery=delivery) | Q(due_at__lte=delivery.received_at))
        start = times.aggregate(last=Max("due_at"))["last"] or connection.made_at
    others = Delivery.objects.filter(connection=connection, automatic=True, decided_at__gt=approved.decided_at)
    others = others.exclude(pk=delivery.pk).exclude(state__in=NOT_IN_LIVE_BY_ITSELF)
    return others.filter(Q(runs__due_at__gte=start) | Q(runs=None, received_at__gte=start)).exists()


def _approve(delivery: Delivery, connection: Connection, plan: Plan) -> None:
    due, since = policies.quiet_moment(delivery, plan.totals["records"]), connection.standing_since
    move(
        delivery, State.SCHEDULED if due else State.APPROVED, automatic=True, approved_digest=plan.digest, due_at=due,
        decided_by=None, decided_at=database_clock.now(),
    )  # fmt: skip
    audit.record(
        delivery,
        "auto-approved",
        connection=connection.name,
        standing_by=connection.standing_by.username if connection.standing_by else None,
        since=since.isoformat() if since else None,
        digest=plan.digest,
        at=due.isoformat() if due else None,
    )
