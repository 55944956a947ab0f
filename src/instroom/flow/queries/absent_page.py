"""Who is no longer in a file, by name and page."""

from instroom.flow import audit, delivery_document, permissions
from instroom.flow.absent_persons import absent_persons
from instroom.flow.paging import Page, bounds
from instroom.flow.queries.dossier_names import name_of
from instroom.flow.source_limits import refuse_other_sources
from instroom.store.models import Delivery, Environment, User
from instroom.store.sql import records

_ON_A_PAGE = 50


def absent_page(delivery: Delivery, number: int = 1, *, by: User) -> Page[tuple[str, str, str]] | None:
    """ExternId, name, and id in live of each; None where there is no plan. That they were seen is in the audit log
    (G2). Raises NotAllowed."""
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
    return Page([(one.extern_id, name_of("person", one), one.id) for one in seen], number, pages, len(keys))
