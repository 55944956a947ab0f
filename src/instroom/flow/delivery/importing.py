"""Executes a plan as it stands (product.md D1, D6), in the transaction of the caller."""

from collections.abc import Sequence

from django.utils import timezone

from instroom.core.plan.model import Change
from instroom.store.models import Plan
from instroom.store.sql import records


def execute(plan: Plan, changes: Sequence[Change]) -> None:
    """Write the changes of a stored plan, and mark it as imported. The caller holds the environment's lock."""
    records.apply(plan.environment_id.hex, changes)
    plan.state, plan.executed_at = Plan.IMPORTED, timezone.now()
    plan.save(update_fields=["state", "executed_at"])
    if undone := plan.delivery.undoes:
        undone.plans.filter(environment=plan.environment_id, state=Plan.IMPORTED).update(state=Plan.UNDONE)
