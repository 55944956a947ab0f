"""The plan of a delivery as an approver goes through it: totals, what stands out, and each change field by field."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from instroom.core.fields import Kind
from instroom.core.findings import CATALOGUE
from instroom.core.keys import Key
from instroom.core.plan.model import Change
from instroom.flow import audit, delivery_document, find, permissions
from instroom.flow.paging import Page, bounds
from instroom.flow.queries.dossier_names import called, company_name, name_of
from instroom.flow.source_limits import refuse_other_sources
from instroom.store.models import Delivery, Environment, Plan, StoredChange, User
from instroom.store.sql import findings, plan_pages, plans, records

_ON_A_PAGE = 25  # of new persons each has forty lines
_FIRST: Final = (*(name for name, _ in plan_pages.NOTABLE), "warned")
"""What an approver wants to see before anything else."""


class ChangesFilter(NamedTuple):
    """Which changes are wanted; "" is all of them."""

    what: str = ""
    """An action, a link, `warned`: with a warning on its row, or the code of that warning."""
    kind: str = ""
    text: str = ""
    """By words of what the dossier was or is to be: see `plan_pages.with_text`."""


class PlanRow(NamedTuple):
    name: str
    document: delivery_document.Document
    """As `delivery_document.in_words` gives it."""
    warnings: list[str]
    """The codes of the warnings on its row of the file."""
    in_training: str
    """The id of the dossier in training, to look at; "" where training has none."""
    companies: tuple[str, str]
    """The names of a person's company before and after, where the link changes."""


class PlanPage(NamedTuple):
    """A page of a plan."""

    plan: Plan
    wanted: ChangesFilter
    page: Page[PlanRow]
    counts: dict[str, int]
    """How many changes of each action, link and kind, and how many `warned`."""


def plan_page(
    delivery: Delivery,
    environment: str,
    wanted: ChangesFilter,
    number: int = 1,
    size: int = _ON_A_PAGE,
    *,
    by: User | None = None,
) -> PlanPage | None:
    """A page of the newest plan for an environment; None where there is none.

    That somebody saw what is to become of dossiers is in the audit log (G2). `by` is who; None: whoever runs this
    machine. Raises NotFound and NotAllowed.
    """
    if by:
        permissions.check(by, "read", delivery.customer)
        refuse_other_sources(delivery, "read", by)
    plan = delivery_document.plan_of(delivery, environment)
    if plan is None:
        return None
    warned = _warnings_by_row(delivery)
    rows = _rows_asked(wanted.what, warned)
    changes = plan_pages.changes_of(plan, wanted.what, wanted.kind, rows)
    found = changes.values_list("pk", flat=True)
    groups = _count_changes(plan)
    # A search by name looks at every change: it is asked once. The rest is counted already, and asked by the page.
    searched = list(found) if rows is not None else None
    if wanted.text:
        searched = plan_pages.with_text(changes, wanted.text)
    total = _total(groups, wanted) if searched is None else len(searched)
    number, pages, part = bounds(number, total, size)
    ids = list(found[part]) if searched is None else searched[part]
    stored = StoredChange.objects.in_bulk(ids)
    rows_shown = _rows(plan, [stored[one] for one in ids], warned)
    audit.record(delivery, "plan-seen", by, environment=environment, dossiers=len(rows_shown))
    counts = _count_by_name(groups)
    counts["warned"] = _count_warned_changes(plan, frozenset(warned)) if warned else 0
    return PlanPage(plan, wanted, Page(rows_shown, number, pages, total), counts)


@lru_cache(maxsize=100)
def _count_changes(plan: Plan) -> Mapping[tuple[str, str, str], int]:
    """Counted once for all its pages: the changes of a plan stay as they were saved with it."""
    return plan_pages.count_changes(plan)


@lru_cache(maxsize=100)
def _count_warned_changes(plan: Plan, rows: frozenset[int]) -> int:
    return plan_pages.changes_of(plan, rows=list(rows)).count()


def _total(groups: Mapping[tuple[str, str, str], int], wanted: ChangesFilter) -> int:
    """How many changes a filter without a text means."""
    asked = {wanted.what, wanted.kind} - {""}
    return sum(count for group, count in groups.items() if asked <= {*group})


def _count_by_name(groups: Mapping[tuple[str, str, str], int]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for group, count in groups.items():
        for name in group:
            counts[name] += count
    return counts


def stands_out(counts: dict[str, int]) -> list[str]:
    """What of it an approver wants to see first, where there is any."""
    return [name for name in _FIRST if counts.get(name)]


def _rows_asked(what: str, warned: Mapping[int, list[str]]) -> list[int] | None:
    """The rows with any warning or with this one; None where no warning is asked for."""
    if what == "warned":
        return list(warned)
    if what not in CATALOGUE:
        return None
    return [row for row, codes in warned.items() if what in codes]


def _warnings_by_row(delivery: Delivery) -> dict[int, list[str]]:
    """The codes of the warnings on each row."""
    warned: dict[int, list[str]] = {}
    if delivery.counts.get("warnings"):
        for code, rows in findings.rows_of(delivery).warnings.items():
            for row in rows:
                warned.setdefault(row, []).append(code)
    return warned


def _rows(plan: Plan, changes: Sequence[StoredChange], warned: dict[int, list[str]]) -> list[PlanRow]:
    core = plans.changes_of(changes)
    names, there, companies = called(core), _in_training(plan, core), _company_names(plan, core)
    return [
        PlanRow(
            names.get(change.dossier, ""),
            document,
            warned.get(change.row or 0, []),
            there.get((change.kind, change.key), ""),
            (companies.get(change.company_before or "", ""), companies.get(change.company_after or "", "")),
        )
        for change, document in zip(core, delivery_document.in_words(core, plan), strict=True)
    ]


def _company_names(plan: Plan, changes: Sequence[Change]) -> dict[str, str]:
    """Of the companies to which the changes make or end a link, also where the plan makes them."""
    ids = {one for change in changes if change.link for one in (change.company_before, change.company_after) if one}
    names = {one: name_of("company", stored) for one, stored in records.load_by_ids("company", ids).items()}
    if new := ids - set(names):
        names |= {one: company_name(change.after) for one, change in plan_pages.changes_to(plan, new).items()}
    return names


def _in_training(plan: Plan, changes: Sequence[Change]) -> dict[tuple[Kind, Key], str]:
    """The ids of these dossiers in training: one may have been left out there, or be gone from it since."""
    training = find.environment(plan.delivery.customer, Environment.TRAINING).id.hex
    kinds: tuple[Kind, ...] = ("company", "person")
    keys = {kind: {change.key for change in changes if change.kind == kind} for kind in kinds}
    return {
        (kind, key): dossier
        for kind in kinds
        for key, (dossier, _) in records.versions(training, kind, keys[kind]).items()
    }
