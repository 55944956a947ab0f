"""A plan on which a person is to decide is made anew where live has moved past it (product.md D5).

Who looks at a plan, or approves it, has it compared with live. A small one is made anew at once, which a page can wait
for; a large one by the worker, and the page follows. Whatever ends a worker in the meantime does no harm: the next look
asks again.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from instroom.core.errors import InstroomError
from instroom.core.plan import model as core
from instroom.core.plan.model import Change
from instroom.flow import audit, find, permissions
from instroom.flow.delivery.examine import examined
from instroom.flow.delivery.plan_differences import count_differences, store_differences
from instroom.flow.delivery.planning import plan_for_live, plan_of_undo, sources_touched
from instroom.flow.delivery.standing import exceeded_now
from instroom.flow.delivery.states import AWAITING_DECISION
from instroom.flow.passing_by import PassedBy
from instroom.flow.source_limits import note_sources
from instroom.store import database_clock
from instroom.store.models import Customer, Delivery, Environment, Erasure, Plan, User
from instroom.store.sql import plans, stale_plans
from instroom.store.troubles import cause_of, of_the_site

Renewal = Literal["current", "renewed", "asked", "impossible", "outdated"]
"""What a look finds: the plan holds, it has become another one, the worker is to make it anew, or could not the last
time (`cause` of the delivery says why), or somebody looks who has no say in it and who leaves it as it is."""
_passed_by = PassedBy[UUID]("the plan of delivery")
_AT_ONCE: Final = 500
"""Records: such a plan takes a tenth of a second."""
_RENEWED_FOR: Final = frozenset({"approve", "deliver"})
_CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""How far the clocks of two nodes may be apart."""


class Renewed(NamedTuple):
    """A plan that waits was made anew, and does something else than before."""

    at: datetime
    live_changed: datetime | None
    """The import or undo that was the last in live before it; None where live changed otherwise."""
    differences: dict[str, int]
    """How many dossiers of each word of `core.plan.plan_changes`."""


def renew_where_outdated(delivery: Delivery, *, by: User | None, at_once: bool = False) -> Renewal:
    """Compare the plan that waits for a decision with live as it is now. `by` is who looks; None: the worker, for who
    looked before. `at_once`: also a large plan is made now. Who made it anew is in the audit log."""
    plan = _waiting(delivery)
    if plan is None or not _is_outdated(plan):
        return "current"
    if by and not permissions.allowed(by, delivery.customer) & _RENEWED_FOR:
        return "outdated"
    if at_once:
        return _renew(delivery, plan, by)
    if plan.totals["records"] <= _AT_ONCE and not delivery.cause:
        with suppress(InstroomError, OSError):  # what the worker meets too, and notes
            return _renew(delivery, plan, by)
    with transaction.atomic():
        asked = Delivery.objects.filter(pk=delivery.pk, plan_asked_at=None, state__in=AWAITING_DECISION)
        if asked.update(plan_asked_at=database_clock.now()):
            audit.record(delivery, "plan-asked", by)
    return "impossible" if delivery.cause else "asked"


def renew_where_asked(customer: Customer) -> bool:
    """Make one plan anew that somebody looked at; False: nobody did. The lease of the customer is held.

    One that breaks, as where its file is damaged, keeps no other delivery waiting while somebody looks at it.
    """
    asked = Delivery.objects.filter(customer=customer, plan_asked_at__isnull=False).exclude(pk__in=_passed_by.now())
    delivery = asked.order_by("number").first()
    if delivery is None:
        return False
    Delivery.objects.filter(pk=delivery.pk).update(plan_asked_at=None)  # first: one that breaks is not begun again
    with _passed_by.where_it_breaks(delivery.pk), _cause_noted(delivery):
        renew_where_outdated(delivery, by=None, at_once=True)
    return True


@contextmanager
def _cause_noted(delivery: Delivery) -> Iterator[None]:
    """For who looks: what kept the plan from being made anew, until it is."""
    waits = Delivery.objects.filter(pk=delivery.pk, state__in=AWAITING_DECISION)
    try:
        yield
    except Exception as error:
        if not of_the_site(error):
            cause = cause_of(error)
            waits.update(cause=cause.code, cause_facts=cause.facts)
        raise
    waits.update(cause="", cause_facts={})


def holds_in_live(delivery: Delivery, plan: Plan) -> bool:
    """Whether the plan does in live as it is now what it says. Raises what `plan_as_live_is_now` does."""
    return not _is_outdated(plan) or plan_as_live_is_now(delivery, plan.environment).digest == plan.digest


def latest_renewal(delivery: Delivery) -> Renewed | None:
    """When the plan that waits became another one; None: it did not, or does not wait."""
    if delivery.state not in AWAITING_DECISION:
        return None
    entry = delivery.audit.filter(action="plan-renewed").order_by("-number").first()
    if entry is None:
        return None
    changed = entry.facts["live_changed"]
    return Renewed(entry.at, datetime.fromisoformat(changed) if changed else None, entry.facts["differences"])


def plan_as_live_is_now(delivery: Delivery, live: Environment) -> core.Plan:
    """Raises OSError, and FileChanged where the kept file is damaged."""
    return plan_of_undo(delivery, live) if delivery.undoes_id else plan_for_live(examined(delivery, live), live)


def _waiting(delivery: Delivery) -> Plan | None:
    if delivery.state not in AWAITING_DECISION:
        return None
    made = delivery.plans.filter(environment__name=Environment.LIVE, state=Plan.PLANNED, values_removed_at=None)
    return made.select_related("environment").first()


def _is_outdated(plan: Plan) -> bool:
    """To compare all dossiers of a large plan takes a tenth of a second: that is done once for each import in live."""
    if Erasure.objects.filter(customer=plan.customer_id, erased_at__gt=plan.made_at).exists():
        return True
    moved = _live_moved_at(plan.environment, plan.made_at - _CLOCKS_DIFFER)
    return moved is not None and not _holds(plan, moved)


@lru_cache(maxsize=1000)
def _holds(plan: Plan, moved: datetime) -> bool:
    """Whether a plan was still right when live had moved last, `moved`."""
    return not plans.is_stale(plan)


def _renew(delivery: Delivery, stored: Plan, by: User | None) -> Renewal:
    """Plan before the transaction, which would stand still meanwhile; where somebody was first, theirs stands."""
    live = find.environment(delivery.customer, Environment.LIVE)
    before, new = plans.load_changes(stored), plan_as_live_is_now(delivery, live)
    with transaction.atomic():
        now = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if now.state not in AWAITING_DECISION or not now.plans.filter(pk=stored.pk, state=Plan.PLANNED).exists():
            return "renewed"
        plans.save(live, now, new, timezone.now())
        if approved := stale_plans.outdated_plan(now):
            store_differences(approved[0], new.changes)
        if new.digest == stored.digest:
            return "current"
        _tell_what_changed(now, stored, before, new, by)
    delivery.refresh_from_db()
    return "renewed"


def _tell_what_changed(delivery: Delivery, stored: Plan, before: list[Change], new: core.Plan, by: User | None) -> None:
    note_sources(delivery, sources_touched(new))
    if delivery.exceeded:
        delivery.exceeded = exceeded_now(delivery, new)
        delivery.save(update_fields=["exceeded"])
    moved, differences = _live_moved_at(stored.environment, stored.made_at), count_differences(before, new.changes)
    live_changed = moved.isoformat() if moved else None
    audit.record(delivery, "plan-renewed", by, digest=new.digest, differences=differences, live_changed=live_changed)


def _live_moved_at(live: Environment, since: datetime) -> datetime | None:
    """The last import or undo in live since then; None where there was none."""
    executed = Plan.objects.filter(environment=live, executed_at__gt=since)
    moved: datetime | None = executed.aggregate(last=Max("executed_at"))["last"]
    return moved
