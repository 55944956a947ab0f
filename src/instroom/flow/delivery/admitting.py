"""Somebody decides that a delivery may bring back who has been erased (product.md G3)."""

from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit, find, permissions
from instroom.flow.delivery.examine import examined
from instroom.flow.delivery.planning import plan_for_live
from instroom.flow.delivery.states import AWAITING_DECISION
from instroom.store.models import Delivery, Environment, Plan, User
from instroom.store.sql import plans


def names_erased(delivery: Delivery) -> bool:
    """Whether its plan leaves records out as they name an erased person, and a decision can still let them in."""
    waits = delivery.kind == Delivery.FILE and delivery.state in AWAITING_DECISION
    return waits and delivery.plans.filter(state=Plan.PLANNED, totals__erased__gt=0).exists()


@transaction.atomic
def admit_erased(delivery: Delivery, *, by: User) -> None:
    """Make a new plan against live, with the records of erased persons in it; it waits for approval as the one before.

    Training gets them at its next refresh: it has this delivery already. Raises NotFound and NotAllowed.
    """
    permissions.check(by, "privacy", delivery.customer)
    held = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if not names_erased(held):
        raise NotAllowed("nobody-to-admit")
    live = find.environment(delivery.customer, Environment.LIVE)
    held.admits_erased, held.reason = True, "admitted"
    plans.save(live, held, plan_for_live(examined(held, live), live), timezone.now())
    held.save(update_fields=["admits_erased", "reason"])
    audit.record(held, "erased-admitted", by)
    delivery.refresh_from_db()
