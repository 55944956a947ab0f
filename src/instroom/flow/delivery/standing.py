"""Standing approval (product.md E3): a delivery of a connection goes to live without a person, as long as it stays
within the connection's guards. Outside them it is held; wherever anything is not certain a person is asked.

It stands back after a person's correction: once somebody has undone, refused or withdrawn a file of the connection,
none goes to live by itself until a person has approved one again. The standing approval itself stays set.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from instroom.core.plan.guards import exceeded, measure
from instroom.core.plan.model import Plan
from instroom.flow import audit, policies
from instroom.flow.delivery.states import TURNED_DOWN
from instroom.flow.delivery.transitions import move
from instroom.flow.safeguards.relaxing import giver_left
from instroom.store.models import Connection, Delivery
from instroom.store.sql.versions import ids_of_versions
from instroom.store.states import State


def await_decision(delivery: Delivery, plan: Plan) -> None:
    """What follows training, in its transaction: approved automatically at its time, held, or waiting for a person.

    `plan` is the one against live.
    """
    connection = delivery.connection
    if connection is None or not _stands_for(delivery, connection):
        move(delivery, State.AWAITING_APPROVAL)
        return
    records = int(delivery.counts["records"])
    found = exceeded(measure(plan.totals, plan.changes, records, _records_of_last(connection)), connection.guards)
    corrected, left = _corrected_at(delivery, connection), giver_left(connection)
    if corrected or left or found:
        why = "corrected" if corrected else "giver-left" if left else "guards"
        move(delivery, State.HELD, reason=why, exceeded=[one._asdict() for one in found])
        facts: dict[str, Any] = {"corrected": corrected.isoformat()} if corrected else {}
        audit.record(delivery, "held", guards={one.guard: [one.number, one.of] for one in found}, **facts)
    else:
        _approve(delivery, connection, plan)


def why_not_automatic(delivery: Delivery) -> str:
    """Why what was approved automatically may not go to live after all: the standing approval has ended since, or a
    person has corrected a file of the connection; "" where it may."""
    connection = delivery.connection
    if not delivery.automatic:
        return ""
    if connection is None or not connection.standing_since:
        return "standing-ended"
    if giver_left(connection):
        return "giver-left"
    return "corrected" if stands_back_since(connection) else ""


def stand_back(delivery: Delivery) -> None:
    """A person undoes, refuses or withdraws it: from here on its connection's standing approval stands back. Of an undo
    the connection is that of the file that it undoes, however many undos are in between."""
    file = policies.file_of(delivery)
    if file.connection_id:
        Connection.objects.filter(pk=file.connection_id).update(corrected_at=timezone.now())


def stands_back_since(connection: Connection) -> datetime | None:
    """The moment of a person's last correction, as long as no file that was approved after it is in live."""
    at = connection.corrected_at
    if at is None or _imported(connection).filter(decided_by__isnull=False, decided_at__gt=at).exists():
        return None
    return at


def _corrected_at(delivery: Delivery, connection: Connection) -> datetime | None:
    """When a person corrected a file of the connection, or a version before this one, on whatever connection."""
    versions = ids_of_versions(delivery) if delivery.corrects_id else []
    turned_down = Delivery.objects.filter(pk__in=versions, state__in=TURNED_DOWN).order_by("-decided_at")
    return turned_down.values_list("decided_at", flat=True).first() or stands_back_since(connection)


def _stands_for(delivery: Delivery, connection: Connection) -> bool:
    """After one approval by a person that stands; and of what came in as agreed: who asks other policies or another
    layout for a file waits for a person."""
    agreed = policies.file_policies(delivery.customer, connection, {})._asdict()
    return (
        connection.standing_since is not None
        and delivery.kind == Delivery.FILE
        and (delivery.layout, delivery.policies) == (connection.layout, agreed)
        and not _is_overtaken(delivery, connection)
        and _imported(connection).filter(decided_by__isnull=False).exists()
    )


def _is_overtaken(delivery: Delivery, connection: Connection) -> bool:
    """Whether a person let it go on after a newer file of its connection had come in live."""
    return delivery.taken_at is not None and _imported(connection).filter(pk__gt=delivery.pk).exists()


def _approve(delivery: Delivery, connection: Connection, plan: Plan) -> None:
    due, since = policies.quiet_moment(delivery, plan.totals["records"]), connection.standing_since
    move(
        delivery, State.SCHEDULED if due else State.APPROVED, automatic=True, approved_digest=plan.digest, due_at=due,
        decided_by=None, decided_at=timezone.now(),
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


def _records_of_last(connection: Connection) -> int | None:
    """How many records the last file had that came in live."""
    last = _imported(connection).order_by("-pk").values_list("counts", flat=True).first()
    return last.get("records") if last else None


def _imported(connection: Connection) -> QuerySet[Delivery]:
    return Delivery.objects.filter(connection=connection, kind=Delivery.FILE, state=State.IMPORTED)
