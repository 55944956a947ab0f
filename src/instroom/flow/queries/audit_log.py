"""The audit log as an operator goes through it (product.md G2): filtered, the newest first, and as rows to export.

It is read by place in time and never by page number: a log of millions of lines answers as one of a hundred.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from instroom.flow import audit, permissions, throttle
from instroom.flow.queries.audit_verification import before_first
from instroom.flow.site_clock import moment_on
from instroom.store.audit_chain import content_of
from instroom.store.in_parts import in_parts
from instroom.store.models import AuditEntry, Customer, Delivery, Role, User

ON_A_PAGE: Final = 50
_AT_ONCE: Final = 2000  # entries that an export holds
_DIGITS: Final = 32  # of an id
_FEW: Final = 100  # deliveries whose entries are sought one by one; those of many are soon met in the log itself


class AuditFilter(NamedTuple):
    """Which entries are wanted; "" and None are all of them."""

    person: str = ""
    """A user's name, in full, or their id."""
    action: str = ""
    since: date | None = None
    until: date | None = None
    """The last day of them."""
    delivery: str = ""
    """A delivery's id, or its beginning."""


class Entries(NamedTuple):
    """A page of the log."""

    items: list[AuditEntry]
    older: UUID | None
    """The entry behind which the next page begins; None: this was all."""


def entries(customer: Customer | None, wanted: AuditFilter, before: UUID | None = None, *, by: User) -> Entries:
    """Entries of a customer's log, those before the entry `before`; None: of what is no customer's, such as signing in.

    Raises NotFound and NotAllowed.
    """
    _check_reader(customer, by)
    found = _wanted(customer, wanted).order_by("-at", "-pk")
    if before and (start := AuditEntry.objects.filter(pk=before, customer=customer).first()):
        found = found.filter(Q(at__lt=start.at) | Q(at=start.at, pk__lt=start.pk))
    items = list(found[: ON_A_PAGE + 1])
    return Entries(items[:ON_A_PAGE], items[ON_A_PAGE - 1].pk if len(items) > ON_A_PAGE else None)


def export(customer: Customer | None, wanted: AuditFilter, *, by: User) -> Iterator[AuditEntry]:
    """All entries that are wanted, the oldest first; that they were exported is an entry too.

    Raises NotFound, NotAllowed and TooOften, at once.
    """
    _check_reader(customer, by)
    throttle.refuse_too_often(throttle.EXPORTS, "exports-too-often", f"{customer.pk if customer else ''} {by.pk}")
    asked = {name: str(value) for name, value in wanted._asdict().items() if value}
    if wanted.person:  # what was typed may be anybody's name
        asked["person"] = ", ".join(map(str, _ids_of(wanted.person)))
    audit.note(customer, "audit-exported", by, asked=asked)
    return in_parts(_wanted(customer, wanted), "at", _AT_ONCE)


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


def people(customer: Customer | None) -> list[str]:
    """The names of the users with a role for a customer, to choose from."""
    if customer is None:
        return []
    roles = Role.objects.filter(customer=customer)
    return list(User.objects.filter(roles__in=roles).distinct().order_by("username").values_list("username", flat=True))


def name_of(customer: Customer | None, user_id: UUID) -> str:
    """The name of a user whom a log may name: one with a role for its customer, or with an entry. "" of others."""
    found = User.objects.filter(pk=user_id)
    if customer:
        here = {"customer": customer, "user": OuterRef("pk")}
        found = found.filter(Exists(Role.objects.filter(**here)) | Exists(AuditEntry.objects.filter(**here)))
    return found.values_list("username", flat=True).first() or ""


def _check_reader(customer: Customer | None, by: User) -> None:
    if customer:
        permissions.check(by, "oversee", customer)
    else:
        permissions.check_site_operator(by)


def _wanted(customer: Customer | None, wanted: AuditFilter) -> QuerySet[AuditEntry]:
    found = AuditEntry.objects.filter(customer=customer).select_related("user", "delivery")
    found = found.only("at", "action", "facts", "number", "hash", "user__username", "delivery__file_name")
    if wanted.person:
        found = found.filter(user__in=_ids_of(wanted.person))  # a name that is joined is sought along the whole log
    if wanted.action:
        found = found.filter(action=wanted.action)
    if wanted.since:
        found = found.filter(at__gte=moment_on(wanted.since))
    if wanted.until:
        found = found.filter(at__lt=moment_on(wanted.until + timedelta(days=1)))
    return _of_delivery(found, customer, wanted.delivery) if wanted.delivery else found


def _ids_of(person: str) -> list[UUID]:
    try:
        return [UUID(person)]
    except ValueError:
        return list(User.objects.filter(username__iexact=person).values_list("pk", flat=True))


def _of_delivery(found: QuerySet[AuditEntry], customer: Customer | None, text: str) -> QuerySet[AuditEntry]:
    digits = text.replace("-", "").lower()
    if len(digits) > _DIGITS or set(digits) - set("0123456789abcdef"):
        return found.none()
    first, last = UUID(digits.ljust(_DIGITS, "0")), UUID(digits.ljust(_DIGITS, "f"))
    meant = Delivery.objects.filter(customer=customer, pk__gte=first, pk__lte=last).values_list("pk", flat=True)
    few = list(meant[:_FEW])
    return found.filter(delivery__in=few) if len(few) < _FEW else found.filter(delivery__gte=first, delivery__lte=last)
