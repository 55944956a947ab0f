"""Persons of the file before, of the same connection, who are no longer in a file. Their data stay as they are."""

from functools import lru_cache

from instroom.core.keys import Key
from instroom.store.models import Delivery, Environment, Plan
from instroom.store.sql import plans, records
from instroom.store.states import State


def absent_persons(plan: Plan) -> list[Key]:
    """Of the sources that the file names, and as far as they are in live. Nobody where records were left out: who
    stands in those is not known."""
    if plan.delivery.kind != Delivery.FILE or plan.totals["left_out"] or plan.values_removed_at:
        return []
    before = _plan_before(plan.delivery)
    gone = _gone(plan, before) if before else None
    return sorted(records.versions(plan.environment_id.hex, "person", gone)) if gone else []


def _plan_before(delivery: Delivery) -> Plan | None:
    """Of the last file in live before this one."""
    files = Delivery.objects.filter(customer=delivery.customer_id, connection=delivery.connection_id)
    files = files.filter(kind=Delivery.FILE, state=State.IMPORTED, number__lt=delivery.number)
    last = files.order_by("-number").values("pk")[:1]
    imported = Plan.objects.filter(delivery__in=last, environment__name=Environment.LIVE, state=Plan.IMPORTED)
    return imported.filter(values_removed_at=None).only("basis").first()


@lru_cache(maxsize=10)
def _gone(plan: Plan, before: Plan) -> set[Key]:
    """Compared once: two plans stay as they were saved, unlike who is in live."""
    now = {(source, key) for (source, key), _, _ in plans.basis_of(plan)["person"]}
    sources = {source for source, _ in now}
    return {(source, key) for (source, key), _, _ in plans.basis_of(before)["person"] if source in sources} - now
