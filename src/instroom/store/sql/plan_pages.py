"""The changes of a plan, filtered and by page: a plan can hold twenty thousand."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When

from instroom.core.fields import Kind
from instroom.core.plan.model import Change
from instroom.core.search.question import instead, may_be_mistyped, one_letter_off, read_question, replaced
from instroom.core.search.words import FIELDS, words_of
from instroom.store.models import Plan, StoredChange, column_name
from instroom.store.sql import plans, statements

ACTIONS = ("new", "changed", "removed")
LINKS = ("linked", "relinked", "unlinked")

NOTABLE = (("unlinked", Q(link="unlinked")), ("relinked", Q(link="relinked")), ("removed", Q(action="removed")))
"""The changes that an approver wants to see first, in that order."""


class ChangeGroup(NamedTuple):
    """Changes that do the same kind of thing to the same fields."""

    kind: str
    action: str
    link: str
    fields: str | None
    """As `StoredChange.changed_fields` has them."""

    def has_field(self, field: str) -> bool:
        return f",{field}," in (self.fields or "")


def changes_of(
    plan: Plan,
    what: str = "",
    kind: str = "",
    rows: Collection[int] | None = None,
    *,
    field: str = "",
    dossier: UUID | None = None,
    without: Collection[ChangeGroup] = (),
) -> QuerySet[StoredChange]:
    """The changes of a plan, `NOTABLE` ones first. `what` is an action or a link, `kind` a kind of dossier, `rows` row
    numbers of the file, `field` one that is changed, `dossier` the only one; without one of them there is no such
    filter."""
    found = StoredChange.objects.filter(plan=plan)
    if dossier:
        found = found.filter(environment=plan.environment_id, dossier=dossier)
    if what in ACTIONS:
        found = found.filter(action=what)
    if what in LINKS:
        found = found.filter(link=what)
    if kind:
        found = found.filter(kind=kind)
    if rows is not None:
        found = found.filter(row__in=list(rows))
    if field:
        found = found.filter(changed_fields__contains=f",{field},")
    for of_kind in {group.kind for group in without}:
        fields = [group.fields for group in without if group.kind == of_kind]
        found = found.exclude(kind=of_kind, action="changed", link="", changed_fields__in=fields)
    whens = [When(condition, Value(rank)) for rank, (_, condition) in enumerate(NOTABLE)]
    rank = Case(*whens, default=Value(len(NOTABLE)))
    return found.order_by(rank, "pk")


def with_text(found: QuerySet[StoredChange], text: str) -> list[UUID]:
    """Ids of those changes that a text means, by the words of what a dossier was and is to be. A change is encrypted:
    each is opened."""
    question = read_question(text)
    return [id_ for id_, words in _words_of(found) if question.is_met_by(words)]


def suggest(found: QuerySet[StoredChange], text: str) -> str:
    """What finds most of these changes, of all that differs in one letter from a word that none of them has; "" where
    nothing does."""
    question, listed = read_question(text), [words for _, words in _words_of(found)]
    best, most = "", 0
    for part in filter(may_be_mistyped, question.parts):
        if not any(part.is_met_by(words) for words in listed):
            for word in sorted(one_letter_off(part.text).intersection(set[str]().union(*listed))):
                meant = replaced(question, part, word)
                count = sum(meant.is_met_by(words) for words in listed)
                if count > most:
                    best, most = instead(text, part, word), count
    return best


def _words_of(found: QuerySet[StoredChange]) -> list[tuple[UUID, set[str]]]:
    listed = list(found)
    changes = plans.changes_of(listed)
    there = {kind: _stored_words(kind, [one.dossier for one in changes if one.kind == kind]) for kind in FIELDS}
    return [
        (
            row.pk,
            words_of(change.kind, change.key[1], change.after)
            | words_of(change.kind, change.key[1], change.before)
            | there[change.kind].get(change.dossier, set()),
        )
        for row, change in zip(listed, changes, strict=True)
    ]


def _stored_words(kind: Kind, dossiers: list[str]) -> dict[str, set[str]]:
    columns = (statements.as_id("d.id"), "d.extern_id_key", *(f"d.{column_name(field)}" for field in FIELDS[kind]))
    rows = statements.fetch_by(f"store_{kind}", columns, "id", dossiers)
    return {row[0]: words_of(kind, row[1], dict(zip(FIELDS[kind], row[2:], strict=True))) for row in rows}


def changes_to(plan: Plan, dossiers: Collection[str]) -> dict[str, Change]:
    """The changes of a plan to these dossiers, by dossier id."""
    found = StoredChange.objects.filter(environment=plan.environment_id, plan=plan, dossier__in=list(dossiers))
    return {change.dossier: change for change in plans.changes_of(found)}


def count_changes(plan: Plan) -> dict[ChangeGroup, int]:
    """The number of changes of each group."""
    groups = StoredChange.objects.filter(plan=plan).values_list(*ChangeGroup._fields[:3], "changed_fields")
    return {ChangeGroup(*group): count for *group, count in groups.annotate(count=Count("pk"))}
