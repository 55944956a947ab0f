"""What is kept of a customer, since when, and when the next of it goes (product.md G3)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet

from instroom.core.retention import CALLS_DAYS, months_later
from instroom.flow import permissions
from instroom.flow.delivery.states import ENDED
from instroom.flow.retention import retention_of
from instroom.flow.site_clock import iso_moment
from instroom.store.models import AuditEntry, Customer, Delivery, Mail, Plan, User, WebhookCall


class Kept(NamedTuple):
    """One kind of what is kept."""

    name: str
    """One of `files`, `findings`, `plans`, `imports`, `audit`, `mails` and `calls`."""
    amount: int
    oldest: datetime | None
    goes_at: datetime | None
    """When the next of it is past its time; None while nothing of it has come to its end."""


def outlook(customer: Customer, *, by: User) -> list[Kept]:
    """Each kind, also where there is nothing of it. Raises NotAllowed."""
    permissions.check(by, "configure", customer)
    keep = retention_of(customer)
    files = partial(_days_later, days=keep.keep_files_days)
    deliveries = Delivery.objects.filter(customer=customer)
    plans = Plan.objects.filter(delivery__customer=customer, values_removed_at=None)
    ended, of_ended = Q(state__in=ENDED), Q(delivery__state__in=ENDED)
    in_ledger = Q(state__in=Plan.IN_LEDGER)
    ledger = partial(months_later, months=keep.keep_ledger_months)
    of_file = deliveries.filter(kind=Delivery.FILE)
    mails, calls = Mail.objects.filter(customer=customer), WebhookCall.objects.filter(webhook__customer=customer)
    return [
        _kept("files", of_file.filter(file_removed_at=None), "received_at", "finished_at", ended, files),
        _kept("findings", of_file.filter(values_removed_at=None), "received_at", "finished_at", ended, files),
        _kept("plans", plans.exclude(in_ledger), "made_at", "delivery__finished_at", of_ended, files),
        _kept("imports", plans.filter(in_ledger), "made_at", "delivery__finished_at", of_ended, ledger),
        _kept("audit", AuditEntry.objects.filter(customer=customer), "at", "at", Q(),
              partial(months_later, months=keep.keep_audit_months)),
        _kept("mails", mails, "made_at", "made_at", Q(), partial(_days_later, days=settings.INSTROOM_MAIL_DAYS)),
        _kept("calls", calls, "made_at", "made_at", Q(), partial(_days_later, days=CALLS_DAYS)),
    ]  # fmt: skip


def _kept(
    name: str, found: QuerySet[Any], begin: str, end: str, ended: Q, later: Callable[[datetime], datetime]
) -> Kept:
    counted = found.aggregate(amount=Count("pk"), oldest=Min(begin), ended=Min(end, filter=ended))
    return Kept(name, counted["amount"], counted["oldest"], counted["ended"] and later(counted["ended"]))


def _days_later(moment: datetime, days: int) -> datetime:
    return moment + timedelta(days=days)


def document(customer: Customer, kept: list[Kept]) -> dict[str, Any]:
    """The document of the command line, and of programs that read it."""
    moments = [{"oldest": iso_moment(one.oldest), "goes_at": iso_moment(one.goes_at)} for one in kept]
    return {
        "customer": customer.name,
        "periods": retention_of(customer)._asdict(),
        "kept": [{"kind": one.name, "amount": one.amount, **at} for one, at in zip(kept, moments, strict=True)],
    }
