"""Step 3: import in live what was approved, and nothing else (product.md D4-D6)."""

from collections.abc import Sequence

from django.utils import timezone

from instroom.core.keys import Key
from instroom.core.plan import model as core
from instroom.core.plan.model import Change
from instroom.flow import audit, erasures, find, permissions, two_persons
from instroom.flow.delivery.attempts import attempt
from instroom.flow.delivery.importing import execute
from instroom.flow.delivery.plan_differences import store_differences
from instroom.flow.delivery.planning import sources_touched
from instroom.flow.delivery.renewing import plan_as_live_is_now
from instroom.flow.delivery.standing import stand_back, why_not_automatic
from instroom.flow.delivery.states import RELEASABLE
from instroom.flow.delivery.transitions import UNDECIDED, SomebodyWasFirst, move
from instroom.flow.source_limits import is_open_to, note_sources
from instroom.store import database_clock
from instroom.store.leases import HeldLease
from instroom.store.models import Delivery, Environment, Plan
from instroom.store.sql import plans
from instroom.store.sql.stale_plans import archive_approved_plan
from instroom.store.states import State


def release(delivery: Delivery, lease: HeldLease) -> None:
    """Execute the approved plan. Where live has changed and the plan with it, the new plan waits for
    approval (D5). Execution, state, ledger and audit commit together; a delivery that is imported already is left."""
    live = find.environment(delivery.customer, Environment.LIVE)
    with attempt(delivery, lease, *RELEASABLE) as go:
        if go and (delivery.state == State.IMPORTING or _begin(delivery, lease)):
            _release(delivery, lease, live)


def _begin(delivery: Delivery, lease: HeldLease) -> bool:
    """False where a person was first: the approval has another moment, or has been taken back."""
    if delivery.state == State.SCHEDULED and delivery.due_at and delivery.due_at > database_clock.now():
        return False
    try:
        with lease.transaction():
            move(delivery, State.IMPORTING)
    except SomebodyWasFirst:
        return False
    return True


def _release(delivery: Delivery, lease: HeldLease, live: Environment) -> None:
    """Raises Plan.DoesNotExist. A plan is made anew before the transaction, which would stand still meanwhile: nobody
    else writes in live under this lease."""
    stored = delivery.plans.get(environment=live, state=Plan.PLANNED)
    changes: Sequence[Change] = plans.load_changes(stored)
    new = _new_plan(delivery, stored, changes, live)
    with lease.transaction():
        plan, differences = _replaced(delivery, stored, new, live) if new else (stored, {})
        changes = new.changes if new else changes
        if plan.digest != delivery.approved_digest:
            move(delivery, State.AWAITING_APPROVAL, reason="live-changed", **UNDECIDED)
            audit.record(delivery, "live-changed", digest=plan.digest, differences=differences)
            return
        if why := why_not_automatic(delivery) or _why_not_approved(delivery):
            _give_back(delivery, why)
            return
        execute(plan, changes)
        if delivery.admits_erased:
            erasures.note_admitted(delivery.customer, _new_persons(changes))
        now = timezone.now()
        move(delivery, State.IMPORTED, finished_at=now, reason="")
        audit.record(delivery, "imported", records=plan.totals["records"])
        if delivery.undoes_whole:
            _undone(delivery.undoes_whole, delivery)
        elif delivery.undoes:
            audit.record(delivery.undoes, "dossier-restored", by=str(delivery.pk))
        if delivery.undoes:
            stand_back(delivery)


def _new_persons(changes: Sequence[Change]) -> set[Key]:
    return {change.key for change in changes if change.kind == "person" and change.action == "new"}


def _why_not_approved(delivery: Delivery) -> str:
    """`approver-left` where who approved it may not any more; "" where they may."""
    by = delivery.decided_by
    if by is None:
        return "" if delivery.automatic else "approver-left"
    may = "approve" in permissions.rights_of(by, delivery.customer) and is_open_to(delivery, "approve", by)
    return "" if may and by.pk not in two_persons.makers_who_may_not_approve(delivery) else "approver-left"


def _undone(one: Delivery, by: Delivery) -> None:
    """Where that is itself an undo, what it undid stands again, and so on."""
    move(one, State.UNDONE, reason="")
    audit.record(one, "undone", by=str(by.pk))
    if (first := one.undoes_whole) and first.state == State.UNDONE:
        move(first, State.IMPORTED, reason="stands-again")
        audit.record(first, "stands-again", by=str(by.pk))
        if first.undoes_whole and first.undoes_whole.state == State.IMPORTED:
            _undone(first.undoes_whole, by)


def _give_back(delivery: Delivery, why: str) -> None:
    """Its approval does not stand any more, and a person has to decide after all."""
    by = delivery.decided_by
    held = why in ("corrected", "giver-left", "giver-delivered")
    move(delivery, State.HELD if held else State.AWAITING_APPROVAL, reason=why, **UNDECIDED)
    if by:
        audit.record(delivery, "approver-left", of=by.username)
    elif why == "corrected":
        audit.record(delivery, "held-again")
    elif why == "giver-left":
        audit.record(delivery, "standing-lapsed")
    elif why == "giver-delivered":
        audit.record(delivery, "standing-of-maker")
    else:
        audit.record(delivery, "standing-ended")


def _new_plan(delivery: Delivery, stored: Plan, changes: Sequence[Change], live: Environment) -> core.Plan | None:
    """A plan against live as it is now; None where nothing has changed since it was stored."""
    erased = any(change.erased for change in changes)
    if not delivery.admits_erased:
        erased = erased or bool(erasures.erased_among(delivery.customer, _new_persons(changes)))
    if not erased and not plans.is_stale(stored):
        return None
    return plan_as_live_is_now(delivery, live)


def _replaced(delivery: Delivery, stored: Plan, new: core.Plan, live: Environment) -> tuple[Plan, dict[str, int]]:
    """The new plan in the place of the stored one, and how it differs."""
    if new.digest == stored.digest:
        return plans.save(live, delivery, new, timezone.now()), {}
    note_sources(delivery, sources_touched(new))
    archive_approved_plan(stored)
    return plans.save(live, delivery, new, timezone.now()), store_differences(stored, new.changes)
