"""A person decides on a delivery that waits: approve, refuse or withdraw (product.md D3, D4)."""

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit, permissions, policies, two_persons
from instroom.flow.delivery.renewing import renew_where_outdated
from instroom.flow.delivery.standing import stand_back
from instroom.flow.delivery.states import AWAITING_DECISION, may_follow
from instroom.flow.delivery.superseding import supersede_older
from instroom.flow.delivery.too_late import comes_too_late
from instroom.flow.delivery.transitions import SomebodyWasFirst, move, not_from
from instroom.flow.earlier_versions import may_be_confirmed
from instroom.flow.source_limits import refuse_other_sources
from instroom.store import database_clock
from instroom.store.models import Delivery, Environment, Plan, User
from instroom.store.states import State

Now = Literal["now"]


def approve(
    delivery: Delivery,
    *,
    by: User,
    at: datetime | Now | None = None,
    seen: str | None = None,
    renew: bool = True,
) -> None:
    """Approve the plan against live as it is now.

    Live is imported not before `at`, or at once where that is "now"; without it as the policy says, which lets large
    files wait for the quiet hours (D4). `seen` is the digest of the plan that the approver looked at. Unless it is to
    `renew` such a plan, one that live has moved past is approved as it is, and comes back at its import (D5). Raises
    NotFound, and NotAllowed also where the plan is no longer that one, where live has moved past it, or where the
    supplier may not approve (D3).
    """
    permissions.check(by, "approve", delivery.customer)
    refuse_other_sources(delivery, "approve", by)
    two_persons.refuse_own(delivery, by)
    renewal = renew_where_outdated(delivery, by=by) if seen is not None and renew else "current"
    if renewal == "asked":
        raise NotAllowed("plan-outdated")
    if renewal == "impossible":
        raise NotAllowed("plan-not-renewed")
    _approve(delivery, by, at, seen)


@transaction.atomic
def _approve(delivery: Delivery, by: User, at: datetime | Now | None, seen: str | None) -> None:
    plan = delivery.plans.filter(environment__name=Environment.LIVE, state=Plan.PLANNED).first()
    if plan is None or delivery.state not in AWAITING_DECISION:
        raise comes_too_late(delivery, State.APPROVED)
    if seen is not None and seen != plan.digest:
        raise NotAllowed("plan-changed")
    if at is None:
        due = policies.quiet_moment(delivery, plan.totals["records"])
    else:
        due = at if at != "now" and at > timezone.now() else None
    after = State.SCHEDULED if due else State.APPROVED
    goes_on = may_be_confirmed(delivery)
    _decide(delivery, after, by, approved_digest=plan.digest, due_at=due, reason="")
    audit.record(delivery, "approved", by, digest=plan.digest, at=due.isoformat() if due else None)
    if goes_on:
        supersede_older(delivery)


@transaction.atomic
def refuse(delivery: Delivery, reason: str, *, by: User) -> None:
    """Refuse the delivery, with a reason; training keeps it until it is refreshed or the delivery is undone there.

    Raises NotFound and NotAllowed.
    """
    if not reason.strip():
        raise NotAllowed("refusal-without-reason")
    permissions.check(by, "refuse", delivery.customer)
    refuse_other_sources(delivery, "refuse", by)
    if delivery.state not in AWAITING_DECISION:
        raise comes_too_late(delivery, State.REFUSED)
    _decide(delivery, State.REFUSED, by, reason=reason.strip(), finished_at=timezone.now())
    audit.record(delivery, "refused", by)
    stand_back(delivery)


@transaction.atomic
def withdraw(delivery: Delivery, *, by: User) -> None:
    """The supplier takes the delivery back before it is imported in live. Raises NotFound and NotAllowed."""
    permissions.check(by, "withdraw", delivery.customer)
    refuse_other_sources(delivery, "withdraw", by)
    if not may_be_withdrawn(delivery):
        raise not_from(State(delivery.state), State.WITHDRAWN)
    _decide(delivery, State.WITHDRAWN, by, finished_at=timezone.now())
    audit.record(delivery, "withdrawn", by)
    stand_back(delivery)


def may_be_withdrawn(delivery: Delivery) -> bool:
    """Whether it can be taken back now: not while we are at work on it, but while it waits for its hour it can."""
    return may_follow(delivery.state, State.WITHDRAWN) and (
        delivery.state != State.RECEIVED or bool(delivery.waits_for)
    )


def _decide(delivery: Delivery, after: State, by: User, **values: object) -> None:
    try:
        move(delivery, after, decided_by=by, decided_at=database_clock.now(), **values)
    except SomebodyWasFirst as error:
        raise comes_too_late(delivery, after) from error
