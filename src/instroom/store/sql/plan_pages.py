"""The changes of a plan, filtered and a page at a time: a plan may hold twenty thousand."""

from collections.abc import Collection

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from instroom.store.models import Change, Company, Person, Plan

ACTIONS = ("new", "changed", "removed")
LINKS = ("linked", "relinked", "unlinked")


FIRST = (("unlinked", Q(link="unlinked")), ("relinked", Q(link="relinked")), ("removed", Q(action="removed")))
"""What stands out, in the order in which an approver wants to see it."""


def changes_of(
    plan: Plan, what: str = "", kind: str = "", text: str = "", rows: Collection[int] | None = None
) -> QuerySet[Change]:
    """The changes of a plan, what stands out first and then in its order: those of one action or link, of one kind,
    with `text` in key or name, on these rows of the file."""
    found = Change.objects.filter(plan=plan)
    if what in ACTIONS:
        found = found.filter(action=what)
    if what in LINKS:
        found = found.filter(link=what)
    if kind:
        found = found.filter(kind=kind)
    if rows is not None:
        found = found.filter(row__in=list(rows))
    place = Case(*[When(which, Value(at)) for at, (_, which) in enumerate(FIRST)], default=Value(len(FIRST)))
    return (found.filter(_named(text)) if text else found).order_by(place, "pk")


def changes_to(plan: Plan, dossiers: Collection[str]) -> dict[str, Change]:
    """What a plan does to these dossiers, by dossier."""
    found = Change.objects.filter(environment=plan.environment_id, plan=plan, dossier__in=list(dossiers))
    return {change.dossier.hex: change for change in found}


def count_changes(plan: Plan) -> dict[tuple[str, str, str], int]:
    """How many changes there are of each kind, action and link together."""
    groups = Change.objects.filter(plan=plan).values_list("kind", "action", "link").annotate(count=Count("pk"))
    return {(kind, action, link): count for kind, action, link, count in groups}


def _named(text: str) -> Q:
    """What a new dossier is called stands in the change; what an existing one is called, in the dossier."""
    person = Person.objects.filter(pk=OuterRef("dossier"))
    company = Company.objects.filter(pk=OuterRef("dossier"))
    in_change = (
        Q(after__surname__icontains=text) | Q(after__first_name__icontains=text) | Q(after__name__icontains=text)
    )
    in_dossier = Exists(person.filter(Q(surname__icontains=text) | Q(first_name__icontains=text))) | Exists(
        company.filter(name__icontains=text)
    )
    return Q(extern_id__icontains=text) | (Q(action="new") & in_change) | (~Q(action="new") & in_dossier)
