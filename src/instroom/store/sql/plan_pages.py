"""The changes of a plan, filtered and by page: a plan can hold twenty thousand."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from instroom.core.plan.model import Change
from instroom.store.models import Company, Person, Plan, StoredChange
from instroom.store.sql import plans

_NAMES = ("surname", "first_name", "name")
ACTIONS = ("new", "changed", "removed")
LINKS = ("linked", "relinked", "unlinked")

NOTABLE = (("unlinked", Q(link="unlinked")), ("relinked", Q(link="relinked")), ("removed", Q(action="removed")))
"""The changes that an approver wants to see first, in that order."""


def changes_of(
    plan: Plan, what: str = "", kind: str = "", rows: Collection[int] | None = None
) -> QuerySet[StoredChange]:
    """The changes of a plan, `NOTABLE` ones first. `what` is an action or a link, `kind` a kind of dossier, `rows` row
    numbers of the file; without one of them there is no such filter."""
    found = StoredChange.objects.filter(plan=plan)
    if what in ACTIONS:
        found = found.filter(action=what)
    if what in LINKS:
        found = found.filter(link=what)
    if kind:
        found = found.filter(kind=kind)
    if rows is not None:
        found = found.filter(row__in=list(rows))
    whens = [When(condition, Value(rank)) for rank, (_, condition) in enumerate(NOTABLE)]
    rank = Case(*whens, default=Value(len(NOTABLE)))
    return found.order_by(rank, "pk")


def with_text(found: QuerySet[StoredChange], text: str) -> list[UUID]:
    """Ids of those changes with a text in the key or a name. A new dossier has its name in the change, which is
    encrypted: each is opened. An existing one has it in the dossier itself."""
    person = Person.objects.filter(pk=OuterRef("dossier"))
    company = Company.objects.filter(pk=OuterRef("dossier"))
    named = Exists(person.filter(Q(surname__icontains=text) | Q(first_name__icontains=text))) | Exists(
        company.filter(name__icontains=text)
    )
    listed, wanted = list(found.annotate(is_named=named)), text.lower()
    return [
        row.pk
        for row, change in zip(listed, plans.changes_of(listed), strict=True)
        if (row.is_named and row.action != "new") or wanted in _texts(change)
    ]


def _texts(change: Change) -> str:
    names = [change.after.get(name, "") for name in _NAMES] if change.action == "new" else []
    return "\n".join([change.extern_id, *names]).lower()


def changes_to(plan: Plan, dossiers: Collection[str]) -> dict[str, Change]:
    """The changes of a plan to these dossiers, by dossier id."""
    found = StoredChange.objects.filter(environment=plan.environment_id, plan=plan, dossier__in=list(dossiers))
    return {change.dossier: change for change in plans.changes_of(found)}


def count_changes(plan: Plan) -> dict[tuple[str, str, str], int]:
    """The number of changes by (kind, action, link)."""
    groups = StoredChange.objects.filter(plan=plan).values_list("kind", "action", "link").annotate(count=Count("pk"))
    return {(kind, action, link): count for kind, action, link, count in groups}
