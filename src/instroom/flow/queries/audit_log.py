"""The audit log as an operator goes through it (product.md G2): filtered, the newest first, and as rows to export.

It is read by place in time and never by page number: a log of millions of lines answers as one of a hundred.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from heapq import nlargest
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from instroom.flow import audit, permissions, throttle
from instroom.flow.queries.audit_filter import AuditFilter, filtered, find_dossiers, find_users
from instroom.flow.queries.audit_groups import GROUPS
from instroom.flow.queries.audit_verification import before_first
from instroom.flow.queries.dossier_names import NamedDossier, named_dossiers
from instroom.store.audit_chain import content_of
from instroom.store.in_parts import in_parts
from instroom.store.models import AuditEntry, Customer, Delivery, Role, User

ON_A_PAGE: Final = 50
_AT_ONCE: Final = 2000  # entries that an export holds
_TOLD_AGAIN_AFTER: Final = timedelta(hours=1)
_MOST_PEOPLE: Final = 500  # to choose from
_COLUMNS: Final = (
    *("at", "action", "facts", "number", "hash", "delivery__file_name", "delivery__undoes", "delivery__only_dossier"),
    *("user__username", "user__first_name", "user__last_name"),
)


class Entries(NamedTuple):
    """A page of the log."""

    items: list[AuditEntry]
    older: UUID | None
    """The entry behind which the next page begins; None: this was all."""
    meant: list[NamedDossier]
    """The dossiers that were asked for, as far as they are there still; one of two places once."""
    dossiers: Mapping[str, NamedDossier]
    """By id, those that the facts name and that the reader may look up."""
    deliveries: Mapping[str, Delivery]
    """By id, those that the facts name."""


def entries(customer: Customer | None, wanted: AuditFilter, before: UUID | None = None, *, by: User) -> Entries:
    """Entries of a customer's log, those before the entry `before`; None: of what is no customer's, such as signing in.

    That somebody saw names there is an entry too, once an hour. Raises NotFound and NotAllowed.
    """
    _check_reader(customer, by)
    meant = find_dossiers(customer, wanted.dossier, by=by) if wanted.dossier else []
    in_group = wanted.action in GROUPS and not (wanted.dossier or wanted.person)
    found = filtered(customer, wanted._replace(action="") if in_group else wanted, meant)
    if before and (start := AuditEntry.objects.filter(pk=before, customer=customer).first()):
        found = found.filter(Q(at__lt=start.at) | Q(at=start.at, pk__lt=start.pk))
    if in_group:
        newest = _newest_of_group(found, wanted.action)
        found = AuditEntry.objects.select_related("user", "delivery").filter(pk__in=newest)
    items = list(found.only(*_COLUMNS).order_by("-at", "-pk")[: ON_A_PAGE + 1])
    older, items = items[ON_A_PAGE - 1].pk if len(items) > ON_A_PAGE else None, items[:ON_A_PAGE]
    named, deliveries = _named_in(customer, items, meant, by)
    asked = {named[one][:1] + named[one][3:]: named[one] for one in meant if one in named}  # of two places once
    return Entries(items, older, sorted(asked.values(), key=lambda one: (one.name, one.extern_id)), named, deliveries)


def _newest_of_group(found: QuerySet[AuditEntry], group: str) -> list[UUID]:
    """The entries of a page, sought for each action by itself: by the index of that, also where all are rare."""
    rows = (
        row
        for action in GROUPS[group]
        for row in found.filter(action=action).order_by("-at", "-pk").values_list("at", "pk")[: ON_A_PAGE + 1]
    )
    return [pk for _, pk in nlargest(ON_A_PAGE + 1, rows)]


def _named_in(
    customer: Customer | None, items: list[AuditEntry], meant: list[str], by: User
) -> tuple[Mapping[str, NamedDossier], Mapping[str, Delivery]]:
    """What the facts of these entries name by its id."""
    if customer is None:
        return {}, {}
    ids, deliveries = set(meant), set()
    for one in items:
        ids |= set(dossiers_of(one.facts))
        deliveries |= {one.facts.get("undoes"), one.facts.get("by")}
    named = named_dossiers(customer, ids, by=by)
    lately = AuditEntry.objects.filter(customer=customer, user=by, at__gt=timezone.now() - _TOLD_AGAIN_AFTER)
    if named and not lately.filter(action="names-seen").exists():
        audit.note(customer, "names-seen", by)
    theirs = Delivery.objects.filter(customer=customer, pk__in=list(filter(None, map(_uuid, deliveries))))
    return named, {str(one.pk): one for one in theirs}


def dossiers_of(facts: Mapping[str, Any]) -> list[str]:
    """The ids of the dossiers that facts name; some only count them."""
    several = facts.get("dossiers")
    return [facts["dossier"]] if "dossier" in facts else several if isinstance(several, list) else []


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def export(customer: Customer | None, wanted: AuditFilter, *, by: User) -> Iterator[AuditEntry]:
    """All entries that are wanted, the oldest first; that they were exported is an entry too.

    Raises NotFound, NotAllowed and TooOften, at once.
    """
    _check_reader(customer, by)
    throttle.refuse_too_often(throttle.EXPORTS, "exports-too-often", f"{customer.pk if customer else ''} {by.pk}")
    asked = {name: str(value) for name, value in wanted._asdict().items() if value}
    meant = find_dossiers(customer, wanted.dossier, by=by) if wanted.dossier else []
    if wanted.person:  # what was typed may be anybody's name
        asked["person"] = ", ".join(map(str, find_users(wanted.person)))
    if wanted.dossier:
        asked["dossier"] = ", ".join(meant)
    audit.note(customer, "audit-exported", by, asked=asked)
    return in_parts(filtered(customer, wanted, meant).only(*_COLUMNS), "at", _AT_ONCE)


def export_chain(customer: Customer | None, *, by: User) -> Iterator[dict[str, Any]]:
    """All entries in the order of their numbers, each with what its hash is of and the hash; who takes them is one too.

    Raises NotAllowed, at once.
    """
    _check_reader(customer, by)
    audit.note(customer, "audit-exported", by)
    entries = AuditEntry.objects.filter(customer=customer).order_by("number")
    return _with_hashes(entries, (before_first(entries) or (0, ""))[1])


def _with_hashes(entries: QuerySet[AuditEntry], previous: str) -> Iterator[dict[str, Any]]:
    for entry in in_parts(entries, "number", _AT_ONCE):
        yield content_of(entry, entry.number, previous) | {"hash": entry.hash}
        previous = entry.hash


def people(customer: Customer | None, chosen: UUID | None) -> list[User]:
    """To choose from: the users with a role for a customer or an entry in its log, and who is chosen if they are one.

    For the log of the site it is only who is chosen: there are as many as the site has.
    """
    if customer is None:
        return list(User.objects.filter(pk=chosen)) if chosen else []
    here = {"customer": customer, "user": OuterRef("pk")}
    users = User.objects.filter(Exists(Role.objects.filter(**here)) | Exists(AuditEntry.objects.filter(**here)))
    found = list(users.order_by("username")[:_MOST_PEOPLE])
    if chosen and chosen not in {one.pk for one in found}:
        found += users.filter(pk=chosen)
    return found


def _check_reader(customer: Customer | None, by: User) -> None:
    if customer:
        permissions.check(by, "oversee", customer)
    else:
        permissions.check_site_operator(by)
