"""Step 2: import in training, and plan what it would do in live (product.md D2). One transaction."""

from django.utils import timezone

from instroom.flow import audit, find
from instroom.flow.delivery.attempts import attempt, give_up
from instroom.flow.delivery.examine import Examined
from instroom.flow.delivery.examine import examined as examine_again
from instroom.flow.delivery.importing import execute
from instroom.flow.delivery.overtaking import newest_past
from instroom.flow.delivery.planning import plan_for_live, plan_for_training, plan_of_undo, sources_touched
from instroom.flow.delivery.standing import await_decision, ends_unchanged
from instroom.flow.delivery.states import UNCHANGED
from instroom.flow.delivery.superseding import supersede_older
from instroom.flow.delivery.transitions import move
from instroom.flow.source_limits import note_sources
from instroom.store.leases import HeldLease
from instroom.store.models import Delivery, Environment, Plan
from instroom.store.sql import plans
from instroom.store.states import State
from instroom.store.troubles import Cause


def train(delivery: Delivery, lease: HeldLease, examined: Examined | None = None) -> None:
    """Bring a checked delivery, or an undo, in training; it then awaits approval with its plan against live,
    is decided on by the standing approval of its connection, or ends where it changes nothing.

    An undo of an import that never reached live is done with that.
    """
    training, live = find.environments(delivery.customer)
    with attempt(delivery, lease, State.TRAINING) as go:
        if go:
            _train(delivery, lease, examined, training, live)


def _train(
    delivery: Delivery, lease: HeldLease, examined: Examined | None, training: Environment, live: Environment
) -> None:
    is_there = delivery.plans.filter(environment=training, state=Plan.IMPORTED).exists()  # failed in live, and retried
    if delivery.failing_since and delivery.kind == Delivery.FILE and not is_there and newest_past(delivery):
        _leave_behind(delivery, lease)
        return
    if delivery.kind == Delivery.UNDO:
        for_training, for_live = plan_of_undo(delivery, training), plan_of_undo(delivery, live)
    else:
        examined = examined or examine_again(delivery, live)
        for_training, for_live = plan_for_training(examined, training), plan_for_live(examined, live)
    now = timezone.now()
    with lease.transaction():
        keys = plans.keys_of([for_training, for_live], delivery.customer_id)
        if not is_there:
            execute(plans.save(training, delivery, for_training, now, keys), for_training.changes)
        stored = plans.save(live, delivery, for_live, now, keys)
        note_sources(delivery, sources_touched(for_training) | sources_touched(for_live))
        audit.record(delivery, "trained", records=for_training.totals["records"])
        if delivery.undoes and delivery.undoes.state != State.IMPORTED:
            move(delivery, State.IMPORTED, finished_at=now)
            return
        if ends_unchanged(delivery, for_live):
            execute(stored, for_live.changes)
            move(delivery, State.IMPORTED, finished_at=now, reason=UNCHANGED)
            audit.record(delivery, "imported-unchanged", records=for_live.totals["records"])
        else:
            await_decision(delivery, for_live)
        supersede_older(delivery)


def _leave_behind(delivery: Delivery, lease: HeldLease) -> None:
    """A newer file passed it between two tries: its older values may not come after those (D7)."""
    if not (delivery.connection and (newest := newest_past(delivery, delivery.connection))):
        give_up(delivery, lease, Cause("overtaken", {}))
        return
    with lease.transaction():
        move(delivery, State.SUPERSEDED, finished_at=timezone.now())
        audit.record(delivery, "superseded", by=str(newest.pk))
