"""The plan that was approved and is no longer right, kept while the next one waits, so that they can be compared (D5).

It is the delivery's dropped plan for live. What sets it apart from the next one stands where its outcomes stood, which
nobody asks for any more.
"""

import zlib
from collections.abc import Sequence

import orjson
from django.db.models import QuerySet

from instroom.core.plan.plan_changes import PlanDifference
from instroom.store.models import Delivery, Environment, Plan


def set_aside(plan: Plan) -> None:
    """Keep a plan that will not be executed, in the place of one that was set aside before."""
    _set_aside(plan.delivery).delete()
    plan.state = Plan.DROPPED
    plan.save(update_fields=["state"])


def remember(plan: Plan, moved: Sequence[PlanDifference]) -> None:
    """Keep what sets a plan that was set aside apart from the next one."""
    plan.outcomes = zlib.compress(orjson.dumps([tuple(one) for one in moved]), 1)
    plan.save(update_fields=["outcomes"])


def remembered(delivery: Delivery) -> tuple[Plan, list[PlanDifference]] | None:
    """The plan that was set aside, and what sets it apart from the one that waits; None where there is none."""
    plan = _set_aside(delivery).first()
    if plan is None:
        return None
    return plan, [PlanDifference(*one) for one in orjson.loads(zlib.decompress(plan.outcomes))]


def forget(delivery: Delivery) -> None:
    """Nothing waits any more: nothing is to be compared."""
    _set_aside(delivery).delete()


def _set_aside(delivery: Delivery) -> QuerySet[Plan]:
    return Plan.objects.filter(delivery=delivery, environment__name=Environment.LIVE, state=Plan.DROPPED)
