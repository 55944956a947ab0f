"""A person decides on a delivery that waits: approve, refuse or withdraw (product.md D3, D4)."""

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit, permissions, policies
from instroom.flow.delivery.states import may_follow
from instroom.flow.delivery.transitions import move, not_from
from instroom.store.models import Delivery, Environment, Plan, User
from instroom.store.states import State

Now = Literal["now"]


@transaction.atomic
def approve(delivery: Delivery, by: str, at: datetime | Now | None = None, seen: str | None = None) -> None:
    """Approve the plan against live as it is now.

    Live is imported not before `at`, or at once where that is "now"; without it as the policy says, which lets large
    files wait for the quiet hours (D4). `seen` is the digest of the plan that the approver looked at. Raises NotFound,
    and NotAllowed also where the plan is no longer that one, or where who delivered may not approve (D3).
    """
    user = permissions.person(by, "approve", delivery.customer)
    policies.may_approve(delivery, user)
    plan = delivery.plans.filter(environment__name=Environment.LIVE, state=Plan.PLANNED).first()
    if plan is None:
        raise not_from(State(delivery.state), State.APPROVED)
    if seen is not None and seen != plan.digest:
        raise NotAllowed(
            "The plan is no longer the one that you looked at. Look at it again.",
            "Het plan is niet meer het plan dat u hebt bekeken. Bekijk het opnieuw.",
        )
    due = _due(delivery, plan, at)
    after = State.SCHEDULED if due else State.APPROVED
    _decide(delivery, after, user, approved_digest=plan.digest, due_at=due, reason="")
    audit.record(delivery, "approved", user, digest=plan.digest, at=due.isoformat() if due else None)


@transaction.atomic
def refuse(delivery: Delivery, by: str, reason: str) -> None:
    """Refuse the delivery, with a reason; training keeps it until it is refreshed or the delivery is undone there.

    Raises NotFound and NotAllowed.
    """
    if not reason.strip():
        raise NotAllowed("A refusal takes a reason.", "Bij niet akkoord hoort een reden.")
    user = permissions.person(by, "refuse", delivery.customer)
    _decide(delivery, State.REFUSED, user, reason=reason.strip(), finished_at=timezone.now())
    audit.record(delivery, "refused", user)


@transaction.atomic
def withdraw(delivery: Delivery, by: str) -> None:
    """The supplier takes the delivery back before it is imported in live. Raises NotFound and NotAllowed."""
    user = permissions.person(by, "withdraw", delivery.customer)
    if not may_be_withdrawn(delivery):
        raise not_from(State(delivery.state), State.WITHDRAWN)
    _decide(delivery, State.WITHDRAWN, user, finished_at=timezone.now())
    audit.record(delivery, "withdrawn", user)


def may_be_withdrawn(delivery: Delivery) -> bool:
    """Whether it can be taken back now: not while we are at work on it, but while it waits for its hour it can."""
    return may_follow(delivery.state, State.WITHDRAWN) and (
        delivery.state != State.RECEIVED or bool(delivery.waits_for)
    )


def _due(delivery: Delivery, plan: Plan, at: datetime | Now | None) -> datetime | None:
    """Not before when live is imported; None: at once."""
    if at is None:
        return policies.quiet_moment(delivery, plan.totals["records"])
    return at if at != "now" and at > timezone.now() else None


def _decide(delivery: Delivery, after: State, user: User, **values: object) -> None:
    move(delivery, after, decided_by=user, decided_at=timezone.now(), **values)
