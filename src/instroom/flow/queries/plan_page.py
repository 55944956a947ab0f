"""The plan of a delivery as an approver goes through it: totals, what stands out, and each change field by field."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

from instroom.core.fields import FIELDS, Kind
from instroom.core.findings import CATALOGUE
from instroom.core.keys import Key
from instroom.core.plan.frequent import MANY
from instroom.core.plan.model import Change
from instroom.flow import audit, delivery_document, find, permissions
from instroom.flow.paging import Page, bounds
from instroom.flow.queries.dossier_names import called, company_names
from instroom.flow.queries.resemblances import RESEMBLES, Resemblance, resemblances
from instroom.flow.source_limits import refuse_other_sources
from instroom.store.models import Delivery, Environment, Plan, StoredChange, User
from instroom.store.sql import findings, plan_pages, plans, records

_ON_A_PAGE = 50
_FIRST: Final = (*(name for name, _ in plan_pages.NOTABLE), "warned")
"""What an approver wants to see before anything else."""


class ChangesFilter(NamedTuple):
    """Which changes are wanted; "" is all of them."""

    what: str = ""
    """An action, a link, `warned`: with a warning on its row, or the code of that warning."""
    kind: str = ""
    text: str = ""
    """By words of what the dossier was or is to be: see `plan_pages.with_text`."""
    field: str = ""
    """One that is changed, behind its kind: `person.job_title`."""
    dossier: UUID | None = None
    """The only one, by its id in that environment."""


class FieldGroup(NamedTuple):
    """A field that is changed in so many dossiers that they stand together."""

    kind: Kind
    field: str
    number: int
    """Of dossiers."""


class PlanRow(NamedTuple):
    name: str
    document: delivery_document.Document
    """As `delivery_document.in_words` gives it."""
    warnings: list[str]
    """The codes of the warnings on its row of the file."""
    dossier: str
    """Its id in the environment of the plan."""
    in_training: str
    """The id of the dossier in training, to look at; "" where training has none."""
    companies: tuple[str, str]
    """The names of a person's company before and after, where the link changes."""
    resembles: Resemblance | None
    """The stored dossier that a new one may be."""


class PlanPage(NamedTuple):
    """A page of a plan."""

    plan: Plan
    wanted: ChangesFilter
    page: Page[PlanRow]
    counts: dict[str, int]
    """How many changes of each action, link and kind, and how many `warned`."""
    amount: int
    """Of all changes of the plan."""
    fields: list[FieldGroup]
    """Where it is folded: those by which changes stand together. What changes none but these is not on the page."""
    suggestion: str
    """What was probably meant by a text for which nothing is found; "" where that is unknown."""


def plan_page(
    delivery: Delivery,
    environment: str,
    wanted: ChangesFilter,
    number: int = 1,
    size: int = _ON_A_PAGE,
    *,
    folded: bool = False,
    by: User | None = None,
) -> PlanPage | None:
    """A page of the newest plan for an environment; None where there is none.

    `folded`: where nothing is asked for, the page leaves out what `PlanPage.fields` stands for.

    That somebody saw what is to become of dossiers is in the audit log (G2). `by` is who; None: whoever runs this
    machine. Raises NotFound and NotAllowed.
    """
    if by:
        permissions.check(by, "read", delivery.customer)
        refuse_other_sources(delivery, "read", by)
    plan = delivery_document.plan_of(delivery, environment)
    if plan is None:
        return None
    warned, groups = _warnings_by_row(delivery), _count_changes(plan)
    wanted = wanted._replace(field=_known_field(wanted.field))
    fields = _fields_of_many(groups) if folded and not any(wanted) else []
    together = _together(groups, fields)
    kind, _, field = wanted.field.partition(".")
    rows = _rows_asked(wanted.what, warned)
    changes = plan_pages.changes_of(
        plan, wanted.what, kind or wanted.kind, rows, field=field, dossier=wanted.dossier, without=together
    )
    found = changes.values_list("pk", flat=True)
    # A search by name looks at every change: it is asked once. The rest is counted already, and asked by the page.
    searched = list(found) if rows is not None or wanted.dossier else None
    if wanted.text:
        searched = plan_pages.with_text(changes, wanted.text)
    total = sum(_counts_asked(groups, wanted, together)) if searched is None else len(searched)
    number, pages, part = bounds(number, total, size)
    ids = list(found[part]) if searched is None else searched[part]
    stored = StoredChange.objects.in_bulk(ids)
    sees_others = by is None or "look-up" in permissions.allowed(by, delivery.customer)
    rows_shown = _rows_of_page(plan, [stored[one] for one in ids], warned, sees_others)
    audit.record(delivery, "plan-seen", by, environment=environment, dossiers=len(rows_shown))
    counts = _count_by_name(groups)
    counts["warned"] = _count_warned_changes(plan, frozenset(warned)) if warned else 0
    page = Page(rows_shown, number, pages, total)
    suggestion = plan_pages.suggest(changes, wanted.text) if wanted.text and not total else ""
    return PlanPage(plan, wanted, page, counts, sum(groups.values()), fields, suggestion)


Groups = Mapping[plan_pages.ChangeGroup, int]


@lru_cache(maxsize=100)
def _count_changes(plan: Plan) -> Groups:
    """Counted once for all its pages: the changes of a plan stay as they were saved with it."""
    return plan_pages.count_changes(plan)


@lru_cache(maxsize=100)
def _count_warned_changes(plan: Plan, rows: frozenset[int]) -> int:
    return plan_pages.changes_of(plan, rows=list(rows)).count()


def _known_field(asked: str) -> str:
    """A field behind its kind; "" where there is no such field."""
    kind, _, field = asked.partition(".")
    return asked if field in {*FIELDS.get(kind, ()), "categories", "free_fields"} else ""  # type: ignore[call-overload]


def _fields_of_many(groups: Groups) -> list[FieldGroup]:
    """The field with the most changes first."""
    counts: Counter[tuple[str, str]] = Counter()
    for group, count in groups.items():
        for field in filter(None, (group.fields or "").split(",")):
            counts[group.kind, field] += count
    return [FieldGroup(kind, field, count) for (kind, field), count in counts.most_common() if count > MANY]  # type: ignore[arg-type]


def _together(groups: Groups, fields: Sequence[FieldGroup]) -> list[plan_pages.ChangeGroup]:
    """The groups that change nothing but some of these fields."""
    many = {(one.kind, one.field) for one in fields}
    return [
        group
        for group in groups
        if group.action == "changed" and not group.link and group.fields
        and {(group.kind, field) for field in group.fields.strip(",").split(",")} <= many
    ]  # fmt: skip


def _counts_asked(groups: Groups, wanted: ChangesFilter, without: Collection[plan_pages.ChangeGroup]) -> Iterator[int]:
    """How many changes a filter without a text means, by group."""
    kind, _, field = wanted.field.partition(".")
    asked = {wanted.what, wanted.kind, kind} - {""}
    for group, count in groups.items():
        if group not in without and asked <= {*group[:3]} and (not field or group.has_field(field)):
            yield count


def _count_by_name(groups: Groups) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for group, count in groups.items():
        for name in group[:3]:
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


Warned = Mapping[int, list[str]]
"""The codes of the warnings on each row."""


def _warnings_by_row(delivery: Delivery) -> Warned:
    """The codes of the warnings on each row."""
    warned: dict[int, list[str]] = {}
    if delivery.counts.get("warnings"):
        for code, rows in findings.rows_of(delivery).warnings.items():
            for row in rows:
                warned.setdefault(row, []).append(code)
    return warned


def all_rows(plan: Plan) -> list[PlanRow]:
    """Every change, in the order of the plan, without what is in training or resembles it."""
    return _rows(plan, plans.load_changes(plan), _warnings_by_row(plan.delivery), {}, {})


def _rows_of_page(plan: Plan, changes: Sequence[StoredChange], warned: Warned, sees_others: bool) -> list[PlanRow]:
    core = plans.changes_of(changes)
    doubtful = [one for one in core if RESEMBLES in warned.get(one.row or 0, ())] if sees_others else []
    alike = resemblances(plan, doubtful) if doubtful else {}
    return _rows(plan, core, warned, _in_training(plan, core), alike)


def _rows(
    plan: Plan,
    changes: Sequence[Change],
    warned: Warned,
    there: Mapping[tuple[Kind, Key], str],
    alike: Mapping[str, Resemblance],
) -> list[PlanRow]:
    names, companies = called(changes), company_names(plan, changes)
    return [
        PlanRow(
            names.get(change.dossier, ""),
            document,
            warned.get(change.row or 0, []),
            change.dossier,
            there.get((change.kind, change.key), ""),
            (companies.get(change.company_before or "", ""), companies.get(change.company_after or "", "")),
            alike.get(change.dossier),
        )
        for change, document in zip(changes, delivery_document.in_words(changes, plan), strict=True)
    ]


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
