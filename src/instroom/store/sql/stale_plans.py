"""The plan that was approved and is outdated, kept while the next one waits, so that they can be compared (D5)."""

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
    """Keep what sets an outdated plan apart from the one that took its place."""
    plan.differences = zlib.compress(orjson.dumps([tuple(one) for one in differences]), 1)
    plan.save(update_fields=["differences"])


def outdated_plan(delivery: Delivery) -> tuple[Plan, list[PlanDifference]] | None:
    """The plan that was approved, and what sets it apart from the one that waits; None where there is none."""
    plan = _outdated(delivery).first()
    if plan is None:
        return None
    return plan, [PlanDifference(*one) for one in orjson.loads(zlib.decompress(plan.differences))]


def delete_outdated_plan(delivery: Delivery) -> None:
    """No plan waits any more, so none is compared."""
    _outdated(delivery).delete()


def _outdated(delivery: Delivery) -> QuerySet[Plan]:
    return Plan.objects.filter(delivery=delivery, state=Plan.OUTDATED)
