"""Makes the plan of a delivery for one environment (product.md D1, D8): a file's plan, or the plan of an undo."""

from collections.abc import Collection

from instroom.core.fields import Kind
from instroom.core.keys import Key
from instroom.core.plan.engine import make_plan
from instroom.core.plan.model import Change, Known, Plan
from instroom.core.plan.undo import Now, make_undo_plan
from instroom.flow.delivery.content import Content, known
from instroom.flow.delivery.examine import Examined
from instroom.flow.delivery.judging import left_out_for_want_of_company
from instroom.store.ids import new_ids
from instroom.store.models import Delivery, Environment
from instroom.store.models import Plan as StoredPlan
from instroom.store.sql import plan_pages, plans, records
from instroom.store.sql.dossier_counts import count_dossiers


class TotalsDoNotAddUp(RuntimeError):
    """A plan whose outcomes are not those of all records. It is never executed (D1)."""


def plan_for_live(examined: Examined, live: Environment) -> Plan:
    """What the file does in live, counted by column too."""
    left_out = examined.left_out | examined.erased
    plan = _plan_of_file(examined.content, left_out, examined.live, live, by_column=True)
    if examined.erased:
        plan.totals["erased"] = len(examined.erased)
    return plan


def plan_for_training(examined: Examined, training: Environment) -> Plan:
    """What the file does in training. Rows whose company only training lacks are left out too (D2)."""
    there = known(examined.content, training)
    wanting = left_out_for_want_of_company(examined.content, there)
    left_out = examined.left_out | examined.erased
    plan = _plan_of_file(examined.content, left_out | wanting, there, training)
    plan.totals["wanting_company"] = len(wanting - left_out)
    return plan


def _plan_of_file(
    content: Content, left_out: Collection[int], there: Known, environment: Environment, *, by_column: bool = False
) -> Plan:
    checked = content.checked
    kept = [record for record in checked.records if record.row not in left_out]
    plan = make_plan(
        kept,
        there,
        content.policies,
        new_ids,
        repeated=checked.repeated,
        left_out=left_out,
        by_column=by_column,
    )
    if sum(plan.totals["outcomes"].values()) != checked.record_count:
        raise TotalsDoNotAddUp(f"{checked.record_count} records, outcomes {plan.totals['outcomes']}")
    stored = count_dossiers(environment)
    plan.totals["not_in_file"] = {
        "companies": stored["company"] - len(there.companies),
        "persons": stored["person"] - len(there.persons),
    }
    return plan


def sources_touched(plan: Plan) -> set[str]:
    """The sources of all dossiers that a plan changes, and of all companies to which it makes or ends a link."""
    linked = {one for change in plan.changes if change.link for one in (change.company_before, change.company_after)}
    other = linked - {None} - {change.dossier for change in plan.changes}
    stored = records.load_by_ids("company", [one for one in other if one])
    return {change.key[0] for change in plan.changes} | {one.key[0] for one in stored.values()}


def plan_of_undo(delivery: Delivery, environment: Environment) -> Plan:
    """What it takes to undo a delivery's import in this environment; nothing where it was not imported there."""
    imported = StoredPlan.objects.filter(
        delivery=delivery.undoes, environment=environment, state=StoredPlan.IMPORTED, values_removed_at=None
    ).first()
    changes = plans.load_changes(imported) if imported else []
    if delivery.only_dossier:
        only = _key_in_live(delivery)
        changes = [change for change in changes if (change.kind, change.key) == only]
    done = [change for change in changes if not change.erased]
    plan = make_undo_plan(done, _now(environment, done))
    if len(done) < len(changes):
        plan.totals["erased"] = len(changes) - len(done)
    return plan


def _key_in_live(delivery: Delivery) -> tuple[Kind, Key] | None:
    """The only dossier that an undo restores: its id differs in training."""
    live = StoredPlan.objects.filter(delivery=delivery.undoes, environment__name=Environment.LIVE)
    if delivery.only_dossier and (plan := live.filter(state=StoredPlan.IMPORTED).first()):
        for change in plan_pages.changes_to(plan, [delivery.only_dossier.hex]).values():
            return (change.kind, change.key)
    return None


def _now(environment: Environment, done: list[Change]) -> Now:
    """What is stored now of all that the import touched."""
    companies = {change.dossier for change in done if change.kind == "company"}
    persons = {change.dossier for change in done if change.kind == "person"}
    back_to = {change.company_before for change in done if change.company_before}
    persons_of: dict[str, set[str]] = {}
    for person, company in records.load_linked(
        {change.dossier for change in done if change.action == "new"} & companies
    ):
        persons_of.setdefault(company, set()).add(person)
    taken = {
        (kind, key): stored.id
        for kind in ("company", "person")
        for key, stored in records.load_by_keys(
            environment.id.hex, kind, [c.key for c in done if c.kind == kind and c.action == "removed"]
        ).items()
    }  # fmt: skip
    there = {**records.load_by_ids("company", companies), **records.load_by_ids("person", persons)}
    return Now(there, persons_of, taken, set(records.load_by_ids("company", back_to)))
