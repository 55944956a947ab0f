"""Executes a plan as it stands (product.md D1, D6), in the transaction of the caller."""

from collections.abc import Sequence

from instroom.core.plan.model import Change
from instroom.store import database_clock
from instroom.store.models import Plan
from instroom.store.sql import records


def execute(plan: Plan, changes: Sequence[Change]) -> None:
    """Write the changes of a stored plan, and mark it as imported. The caller holds the customer's lease."""
    records.apply(plan.environment_id.hex, changes)
    plan.state, plan.executed_at = Plan.IMPORTED, database_clock.now()
    plan.save(update_fields=["state", "executed_at"])
    one, before, after = plan.delivery.undoes_whole, Plan.IMPORTED, Plan.UNDONE
    while one:  # where that is itself an undo, what it undid stands again
        one.plans.filter(environment=plan.environment_id, state=before).update(state=after)
        one, before, after = one.undoes_whole, after, before
