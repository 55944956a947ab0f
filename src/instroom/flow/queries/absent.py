"""Persons of the file before, of the same connection, who are no longer in a file. Their data stay as they are."""

from functools import lru_cache

from instroom.core.keys import Key
from instroom.flow import audit, delivery_document, permissions
from instroom.flow.paging import Page, bounds
from instroom.flow.queries.dossier_names import name_of
from instroom.flow.source_limits import refuse_other_sources
from instroom.store.models import Delivery, Environment, Plan, User
from instroom.store.sql import plans, records
from instroom.store.states import State

_ON_A_PAGE = 50


def absent_persons(plan: Plan) -> list[Key]:
    """Of the sources that the file names, and as far as they are in live. Nobody where records were left out: who
    stands in those is not known."""
    if plan.delivery.kind != Delivery.FILE or plan.totals["left_out"] or plan.values_removed_at:
        return []
    before = _plan_before(plan.delivery)
    return _absent(plan, before) if before else []


def absent_page(delivery: Delivery, number: int = 1, *, by: User) -> Page[tuple[str, str, str]] | None:
    """A page of them: ExternId, name, and id in live; None where there is no plan. That they were seen is in the audit
    log (G2). Raises NotAllowed."""
    permissions.check(by, "look-up", delivery.customer)
    refuse_other_sources(delivery, "look-up", by)
    plan = delivery_document.plan_of(delivery, Environment.LIVE)
    if plan is None:
        return None
    keys = absent_persons(plan)
    number, pages, part = bounds(number, len(keys), _ON_A_PAGE)
    found = records.load_by_keys(plan.environment_id.hex, "person", keys[part])
    seen = [found[key] for key in keys[part] if key in found]
    audit.record(delivery, "looked-up", by, environment=Environment.LIVE, seen={"companies": 0, "persons": len(seen)})
    items = [(one.extern_id, name_of("person", one), one.id) for one in seen]
    return Page(items, number, pages, len(keys))


def _plan_before(delivery: Delivery) -> Plan | None:
    """Of the last file in live before this one."""
    files = Delivery.objects.filter(customer=delivery.customer_id, connection=delivery.connection_id)
    files = files.filter(kind=Delivery.FILE, state=State.IMPORTED, number__lt=delivery.number)
    last = files.order_by("-number").values("pk")[:1]
    imported = Plan.objects.filter(delivery__in=last, environment__name=Environment.LIVE, state=Plan.IMPORTED)
    return imported.filter(values_removed_at=None).only("basis").first()


@lru_cache(maxsize=100)
def _absent(plan: Plan, before: Plan) -> list[Key]:
    """Compared once: two plans stay as they were saved."""
    now = {(source, key) for (source, key), _, _ in plans.basis_of(plan)["person"]}
    sources = {source for source, _ in now}
    gone = {(source, key) for (source, key), _, _ in plans.basis_of(before)["person"] if source in sources} - now
    return sorted(records.versions(plan.environment_id.hex, "person", gone)) if gone else []
