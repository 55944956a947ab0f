"""Standing approval (product.md E3): a delivery of a connection goes to live without a person, as long as it stays
within the connection's guards. Outside them it is held; wherever anything is not certain a person is asked."""

from django.db.models import QuerySet
from django.utils import timezone

from instroom.core.plan.guards import exceeded, measure
from instroom.core.plan.model import Plan
from instroom.flow import audit, policies
from instroom.flow.delivery.transitions import move
from instroom.store.models import Connection, Delivery
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
    if found:
        move(delivery, State.HELD, reason="guards", exceeded=[one._asdict() for one in found])
        audit.record(delivery, "held", guards={one.guard: [one.number, one.of] for one in found})
    else:
        _approve(delivery, connection, plan)


def still_stands(delivery: Delivery) -> bool:
    """Whether what was approved automatically may still go to live: the standing approval has not ended since."""
    return not delivery.automatic or bool(delivery.connection and delivery.connection.standing_since)


def _stands_for(delivery: Delivery, connection: Connection) -> bool:
    """After one approval by a person that stands; and of what came in as agreed: who asks other policies or another
    layout for a file waits for a person."""
    agreed = policies.file_policies(delivery.customer, connection, {})._asdict()
    return (
        connection.standing_since is not None
        and delivery.kind == Delivery.FILE
        and (delivery.layout, delivery.policies) == (connection.layout, agreed)
        and _imported(connection).filter(decided_by__isnull=False).exists()
    )


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
