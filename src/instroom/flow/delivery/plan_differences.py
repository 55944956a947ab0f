"""Live has changed since the approval, so the plan is different: what differs is kept with the approved plan (D5)."""

from collections.abc import Sequence

from instroom.core.plan.model import Change
from instroom.core.plan.plan_changes import PlanDifference, count_by_word, differences_between
from instroom.store.models import Plan
from instroom.store.sql import plans, records, stale_plans


def store_differences(approved: Plan, changes: Sequence[Change]) -> dict[str, int]:
    """Compare the archived plan with the changes of the next one, and keep what differs. Gives the counts."""
    differences = _differences(plans.load_changes(approved), changes)
    stale_plans.store_differences(approved, differences)
    return count_by_word(differences)


def count_differences(before: Sequence[Change], changes: Sequence[Change]) -> dict[str, int]:
    """How many dossiers of each word, of a plan that nobody had approved: what differs is not kept."""
    return count_by_word(_differences(before, changes))


def _differences(before: Sequence[Change], changes: Sequence[Change]) -> list[PlanDifference]:
    own = {change.dossier for change in (*before, *changes) if change.kind == "company"}
    named = {one for change in (*before, *changes) for one in (change.company_before, change.company_after) if one}
    stored = {one: company.key for one, company in records.load_by_ids("company", named - own).items()}
    return differences_between(before, changes, stored)
