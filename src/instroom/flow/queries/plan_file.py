"""A whole plan as a workbook to take away. That somebody took it is in the audit log (product.md G2)."""

from pathlib import Path

from instroom.core.language import Language
from instroom.core.report.plan_workbook import SheetRow, write_plan
from instroom.flow import audit, delivery_document, find, permissions
from instroom.flow.queries.plan_page import all_rows
from instroom.flow.source_limits import refuse_other_sources
from instroom.store.models import Delivery, Environment, User


def write_plan_workbook(delivery: Delivery, target: Path, lang: Language, *, by: User) -> bool:
    """Write the plan against live; False where there is none. Raises NotAllowed."""
    permissions.check(by, "read", delivery.customer)
    refuse_other_sources(delivery, "read", by)
    plan = delivery_document.plan_of(delivery, Environment.LIVE)
    if plan is None:
        return False
    rows = [SheetRow(one.name, one.document, one.warnings, one.companies) for one in all_rows(plan)]
    write_plan(target, rows, find.layout(delivery.layout), lang)
    audit.record(delivery, "plan-taken", by, environment=Environment.LIVE, dossiers=len(rows))
    return True
