"""Which entries of an audit log somebody asks for: by person, action, day, delivery and dossier.

SQLite keeps no statistics here. Beside the condition that an entry is of this customer, it would walk through the whole
log in order of time. So where entries are sought by what few of them have, that condition is left out.
"""

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from instroom.core.search.question import read_question
from instroom.flow import find
from instroom.flow.queries.audit_groups import GROUPS
from instroom.flow.queries.dossier_names import named_dossiers
from instroom.flow.queries.history import dossier_ids
from instroom.flow.site_clock import moment_on
from instroom.flow.source_limits import sources_for
from instroom.store.models import AuditEntry, Customer, Delivery, StoredChange, User
from instroom.store.models.audit import AboutDossier
from instroom.store.search_index import KINDS
from instroom.store.sql import search

MOST_DOSSIERS: Final = 25
"""That a text means, of each kind in each environment; of more it is any so many."""
_MOST_DELIVERIES: Final = 500  # that changed these dossiers, the newest ones
_MOST_ENTRIES: Final = 10_000  # about a dossier, the newest ones
_FEW: Final = 100
_DIGITS: Final = 32  # of an id
_BEGINNING: Final = re.compile(f"[0-9a-f]{{1,{_DIGITS}}}")


class AuditFilter(NamedTuple):
    """Which entries are wanted; "" and None are all of them."""

    person: str = ""
    """A user's name, in full, or their id."""
    action: str = ""
    """An action, or one of the `GROUPS`."""
    since: date | None = None
    until: date | None = None
    """The last day of them."""
    delivery: str = ""
    """A delivery's id, or its beginning, or a part of its file name."""
    dossier: str = ""
    """A dossier's id in one of the environments, or a text that finds it."""


def find_dossiers(customer: Customer | None, text: str, *, by: User) -> list[str]:
    """The ids of the dossiers that a text means, both in training and in live, as far as `by` may look them up."""
    if customer is None:
        return []
    places = find.environments(customer)
    if (wanted := _id(text)) is None:
        question, sources = read_question(text), sources_for(by, "look-up", customer)
        pairs = [(place.id.hex, kind) for place in places for kind in KINDS if question.parts]
        return [one for pair in pairs for one in search.find_ids(*pair, question, MOST_DOSSIERS, sources=sources)]
    named = named_dossiers(customer, [wanted.hex], by=by).values()
    keys = [(one.kind, one.source, one.extern_id) for one in named]
    ids = {wanted.hex, *(one for place in places for one in dossier_ids(place, keys))}  # its own also where it has gone
    return sorted(ids - {""})


def find_users(person: str) -> list[UUID]:
    """The users with this id or name."""
    wanted = _id(person)
    return [wanted] if wanted else list(User.objects.filter(username__iexact=person).values_list("pk", flat=True))


def filtered(customer: Customer | None, wanted: AuditFilter, dossiers: Collection[str]) -> QuerySet[AuditEntry]:
    """The entries of a customer's log that are wanted; None: of the log of the site. `dossiers` are those that
    `wanted.dossier` means."""
    found = AuditEntry.objects.select_related("user", "delivery")
    users = find_users(wanted.person) if wanted.person else None
    if wanted.dossier:
        found = found.filter(pk__in=_about(customer, dossiers, users))
    elif users is not None:
        found = found.filter(user__in=users)  # a name that is joined is sought along the whole log
    few = _few_deliveries(customer, wanted.delivery) if wanted.delivery else None
    if few is not None:
        found = found.filter(delivery__in=few)
    elif wanted.delivery:
        found = found.filter(customer=customer, delivery__in=_deliveries(customer, wanted.delivery))
    elif not wanted.dossier:
        found = found.filter(customer=customer)
    if wanted.action:
        found = found.filter(action__in=GROUPS.get(wanted.action, {wanted.action}))
    if wanted.since:
        found = found.filter(at__gte=moment_on(wanted.since))
    if wanted.until:
        found = found.filter(at__lt=moment_on(wanted.until + timedelta(days=1)))
    return found


def _deliveries(customer: Customer | None, text: str) -> QuerySet[Delivery, UUID]:
    named = Q(file_name__icontains=text)
    if _BEGINNING.fullmatch(digits := text.replace("-", "").lower()):
        named |= Q(pk__gte=UUID(digits.ljust(_DIGITS, "0")), pk__lte=UUID(digits.ljust(_DIGITS, "f")))
    return Delivery.objects.filter(named, customer=customer).values_list("pk", flat=True)


def _few_deliveries(customer: Customer | None, text: str) -> list[UUID] | None:
    """None where they are many: then their entries are soon met in the log itself."""
    few = list(_deliveries(customer, text)[:_FEW])
    return few if len(few) < _FEW else None


def _about(customer: Customer | None, dossiers: Collection[str], users: Collection[UUID] | None) -> list[UUID]:
    """The newest entries that say who opened these dossiers, what happened to the deliveries that change them, and who
    exported them."""
    if customer is None or not dossiers:
        return []
    changes = StoredChange.objects.filter(environment__in=find.environments(customer), dossier__in=list(dossiers))
    newest = changes.order_by("-plan__delivery").values_list("plan__delivery", flat=True).distinct()
    of_customer = AuditEntry.objects.filter(customer=customer)
    own = [
        pk
        for pk, facts in of_customer.filter(action="person-exported").values_list("pk", "facts")
        if not set(dossiers).isdisjoint(facts.get("dossiers", ()))
    ]
    parts = (
        AuditEntry.objects.alias(about=AboutDossier("facts")).filter(about__in=list(dossiers)),
        AuditEntry.objects.filter(delivery__in=list(newest[:_MOST_DELIVERIES])),
        AuditEntry.objects.filter(pk__in=own),
        of_customer.filter(action="exported"),
    )
    rows = (row for part in parts for row in part.order_by("-at").values_list("at", "pk", "user")[:_MOST_ENTRIES])
    ordered = sorted(rows, key=lambda row: row[:2], reverse=True)[:_MOST_ENTRIES]
    return [pk for _, pk, user in ordered if users is None or user in users]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
