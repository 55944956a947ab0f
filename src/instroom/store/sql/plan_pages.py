"""The changes of a plan, filtered and by page: a plan can hold twenty thousand."""

from collections.abc import Collection

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from instroom.store.models import Company, Person, Plan, StoredChange

ACTIONS = ("new", "changed", "removed")
LINKS = ("linked", "relinked", "unlinked")

NOTABLE = (("unlinked", Q(link="unlinked")), ("relinked", Q(link="relinked")), ("removed", Q(action="removed")))
"""The changes that an approver wants to see first, in that order."""


def changes_of(
    plan: Plan, what: str = "", kind: str = "", text: str = "", rows: Collection[int] | None = None
) -> QuerySet[StoredChange]:
    """The changes of a plan, `NOTABLE` ones first. `what` is an action or a link, `kind` a kind of dossier, `text` part
    of a key or name, `rows` row numbers of the file; without one of them there is no such filter."""
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
    return (found.filter(_has_text(text)) if text else found).order_by(rank, "pk")


def changes_to(plan: Plan, dossiers: Collection[str]) -> dict[str, StoredChange]:
    """The changes of a plan to these dossiers, by dossier id."""
    found = StoredChange.objects.filter(environment=plan.environment_id, plan=plan, dossier__in=list(dossiers))
    return {change.dossier.hex: change for change in found}


def count_changes(plan: Plan) -> dict[tuple[str, str, str], int]:
    """The number of changes by (kind, action, link)."""
    groups = StoredChange.objects.filter(plan=plan).values_list("kind", "action", "link").annotate(count=Count("pk"))
    return {(kind, action, link): count for kind, action, link, count in groups}


def _has_text(text: str) -> Q:
    """A new dossier has its name in the change; an existing one in the dossier itself."""
    person = Person.objects.filter(pk=OuterRef("dossier"))
    company = Company.objects.filter(pk=OuterRef("dossier"))
    in_change = (
        Q(after__surname__icontains=text) | Q(after__first_name__icontains=text) | Q(after__name__icontains=text)
    )
    in_dossier = Exists(person.filter(Q(surname__icontains=text) | Q(first_name__icontains=text))) | Exists(
        company.filter(name__icontains=text)
    )
    return Q(extern_id__icontains=text) | (Q(action="new") & in_change) | (~Q(action="new") & in_dossier)
