"""A delivery by column beside the last file of its connection that was imported (product.md D3)."""

from typing import NamedTuple

from instroom.core.plan.columns import Columns, Jump, from_json, jumps
from instroom.flow import delivery_document
from instroom.store.models import Delivery, Environment
from instroom.store.states import State


class DeliveryColumns(NamedTuple):
    """What a file holds by column, as its plan against live has counted it."""

    now: Columns
    before: Columns
    """Of the last file that was imported; empty where there was none."""
    jumps: list[Jump]


def columns_of(delivery: Delivery) -> DeliveryColumns | None:
    """None where there is no plan of a file."""
    now = _counted(delivery)
    if not now:
        return None
    last = (
        Delivery.objects.filter(
            customer=delivery.customer,
            connection=delivery.connection,
            kind=Delivery.FILE,
            state=State.IMPORTED,
            pk__lt=delivery.pk,
        )
        .defer("findings")
        .order_by("-pk")
        .first()
    )
    before = _counted(last) if last else {}
    return DeliveryColumns(now, before, jumps(now, before))


def _counted(delivery: Delivery) -> Columns:
    plan = delivery_document.plan_of(delivery, Environment.LIVE)
    return from_json(plan.totals.get("columns", {})) if plan else {}
