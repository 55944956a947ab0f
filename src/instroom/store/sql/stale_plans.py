"""An approved plan that is outdated is kept while its successor waits, so that they can be compared (D5)."""

import zlib
from collections.abc import Sequence

import orjson
from django.db.models import QuerySet

from instroom.core.plan.plan_changes import PlanDifference
from instroom.store.models import Delivery, Plan


def archive_approved_plan(plan: Plan) -> None:
    """Keep a plan that will not be executed, instead of the one that was kept before."""
    _outdated(plan.delivery).delete()
    plan.state = Plan.OUTDATED
    plan.save(update_fields=["state"])


def store_differences(plan: Plan, differences: Sequence[PlanDifference]) -> None:
    """Store how an outdated plan differs from the plan that replaced it."""
    plan.differences = zlib.compress(orjson.dumps([tuple(difference) for difference in differences]), 1)
    plan.save(update_fields=["differences"])


def outdated_plan(delivery: Delivery) -> tuple[Plan, list[PlanDifference]] | None:
    """The outdated plan and its differences from the plan that waits; None if there is none."""
    plan = _outdated(delivery).first()
    if plan is None:
        return None
    return plan, [PlanDifference(*values) for values in orjson.loads(zlib.decompress(plan.differences))]


def delete_outdated_plan(delivery: Delivery) -> None:
    """To be called when no plan waits any more: there is nothing left to compare."""
    _outdated(delivery).delete()


def _outdated(delivery: Delivery) -> QuerySet[Plan]:
    return Plan.objects.filter(delivery=delivery, state=Plan.OUTDATED)
