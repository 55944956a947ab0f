"""Until a scheduled approval runs, an approver moves it to another moment or takes it back (product.md D3, D4).

Each is one conditional UPDATE on the state and the moment that were read, as is the worker's first step of the import:
of the two one comes first, and the other leaves the delivery alone.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit, permissions, two_persons
from instroom.flow.comments import write_comment
from instroom.flow.delivery.decide import Now, approve
from instroom.flow.delivery.renewing import holds_in_live
from instroom.flow.delivery.standing import stand_back
from instroom.flow.delivery.too_late import comes_too_late
from instroom.flow.delivery.transitions import UNDECIDED, SomebodyWasFirst, move, move_moment
from instroom.flow.source_limits import refuse_other_sources
from instroom.store import database_clock
from instroom.store.models import Delivery, Environment, Plan, User
from instroom.store.states import State

_HELD: Final = ("held", "held-fewer", "held-erased", "held-again", "standing-lapsed", "standing-of-maker")
_AWAITED: Final = ("trained", "live-changed", "approver-left", "standing-ended")
"""In the audit log: what holds a delivery, and what has it wait for approval. Who holds it says so after `trained`."""


def approve_or_reschedule(
    delivery: Delivery, at: datetime | Now | None, *, by: User, seen: str | None, renew: bool = True
) -> None:
    """Approve; a scheduled approval gets the moment `at`, where one is given. Raises as `approve` and `reschedule`."""
    if at and delivery.state == State.SCHEDULED:
        reschedule(delivery, at, by=by, seen=seen, renew=renew)
    else:
        approve(delivery, by=by, at=at, seen=seen, renew=renew)


def reschedule(
    delivery: Delivery, at: datetime | Now, *, by: User, seen: str | None = None, renew: bool = True
) -> None:
    """Give a scheduled approval another moment, or import in live at once. Who does that approves the plan in their own
    name, also where a standing approval had. `seen` is the digest of the plan that they looked at; unless it is to
    `renew` such a plan, one that live has moved past comes back at its import, as for `approve`.

    Raises NotFound, and NotAllowed also where it is not scheduled any more, where the plan is not the one that was
    `seen`, where live has moved past it (D5), or where the supplier may not approve (D3).
    """
    permissions.check(by, "approve", delivery.customer)
    refuse_other_sources(delivery, "approve", by)
    two_persons.refuse_own(delivery, by)
    plan = _plan(delivery)
    if seen is not None and seen != plan.digest:
        raise NotAllowed("plan-changed")
    if seen is not None and renew and not holds_in_live(delivery, plan):
        raise NotAllowed("scheduled-plan-outdated")
    _reschedule(delivery, plan, at, by)


@transaction.atomic
def _reschedule(delivery: Delivery, plan: Plan, at: datetime | Now, by: User) -> None:
    before, due = delivery.due_at, at if at != "now" and at > timezone.now() else None
    decided_at = database_clock.now()
    decision = {"decided_by": by, "decided_at": decided_at, "automatic": False, "approved_digest": plan.digest}
    try:
        if due:
            move_moment(delivery, due, **decision)
        else:
            move(delivery, State.APPROVED, due_at=None, **decision)
    except SomebodyWasFirst as error:
        raise comes_too_late(delivery, None) from error
    audit.record(delivery, "rescheduled", by, digest=plan.digest, before=_moment_text(before), at=_moment_text(due))


@transaction.atomic
def unapprove(delivery: Delivery, reason: str, *, by: User) -> None:
    """Take a scheduled approval back, whoever gave it: the delivery waits for approval again, or is held again, and the
    standing approval of its connection stands back. The reason becomes a comment. Raises NotFound, and NotAllowed where
    it is not scheduled any more."""
    if not reason.strip():
        raise NotAllowed("unapproval-without-reason")
    permissions.check(by, "approve", delivery.customer)
    refuse_other_sources(delivery, "approve", by)
    _plan(delivery)
    before, after = delivery.due_at, State.HELD if _was_held(delivery) else State.AWAITING_APPROVAL
    try:
        move(delivery, after, reason="unapproved", due_at=None, **UNDECIDED)
    except SomebodyWasFirst as error:
        raise comes_too_late(delivery, None) from error
    audit.record(delivery, "unapproved", by, before=_moment_text(before))
    write_comment(delivery, reason, by=by)
    stand_back(delivery)


def _was_held(delivery: Delivery) -> bool:
    """Whether it was held when a person approved it: the last step that brought it to wait says so."""
    waited = delivery.audit.filter(action__in=(*_HELD, *_AWAITED)).order_by("-number")
    return waited.values_list("action", flat=True).first() in _HELD


def _plan(delivery: Delivery) -> Plan:
    """The approved plan, which waits for its moment. Raises NotAllowed."""
    plan = delivery.plans.filter(environment__name=Environment.LIVE, state=Plan.PLANNED).first()
    if plan is None or delivery.state != State.SCHEDULED:
        raise NotAllowed("not-scheduled", state=delivery.state)
    return plan


def _moment_text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
