"""The work: whether workers do it, and what is late or has failed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from instroom.flow.delivery.advance import due_since
from instroom.flow.heartbeat import living
from instroom.flow.operations.doctor.database import refuse_missing
from instroom.flow.operations.doctor.diagnosis import Asked, Diagnosis, diagnosis
from instroom.store import database_clock, leases
from instroom.store.models import AuditEntry, Delivery, Lease, Mail, WebhookCall
from instroom.store.states import State

_LATE: Final = timedelta(minutes=30)
"""What is due waits no longer for a worker, also where thousands of customers are due at one hour."""
_LATELY: Final = timedelta(days=7)
_BACKUP: Final = timedelta(days=8)  # a site that makes one a week is in time


def look(asked: Asked) -> Iterator[Diagnosis]:
    refuse_missing()
    yield from [*_workers(), *_deliveries(), *_mails(), *_calls(), *_backups()] or [diagnosis("work")]


def _workers() -> Iterator[Diagnosis]:
    if not living("worker").exists():
        yield diagnosis("worker-missing")
    hanging = Lease.objects.exclude(holder="").filter(until__lt=database_clock.now() - leases.LIFE)
    if count := hanging.count():
        yield diagnosis("worker-hangs", count=count)


def _deliveries() -> Iterator[Diagnosis]:
    now = database_clock.now()
    found = due_since().filter(since__lt=now - _LATE).aggregate(count=Count("pk"), first=Min("since"))
    if found["count"]:
        yield diagnosis("deliveries-late", count=found["count"], minutes=_minutes(now - found["first"]))
    if count := Delivery.objects.filter(try_again_at__isnull=False).count():
        yield diagnosis("deliveries-tried", count=count)
    failed = Delivery.objects.filter(state=State.FAILED, changed_at__gt=now - _LATELY)
    if count := failed.count():
        yield diagnosis("deliveries-failed", count=count, days=_LATELY.days)


def _mails() -> Iterator[Diagnosis]:
    if not settings.INSTROOM_SMTP:
        return
    mails = Mail.objects.filter(sent_at=None)
    yield from _late("mails-late", mails.filter(given_up_at=None, held_until=None))
    if count := mails.filter(given_up_at__gt=timezone.now() - _LATELY).count():
        yield diagnosis("mails-given-up", count=count, days=_LATELY.days)


def _calls() -> Iterator[Diagnosis]:
    calls = WebhookCall.objects.filter(delivered_at=None, given_up_at=None, webhook__paused_at=None)
    yield from _late("calls-late", calls)


def _late(code: str, waiting: "QuerySet[Any]") -> Iterator[Diagnosis]:
    found = waiting.filter(due_at__lt=timezone.now() - _LATE).aggregate(count=Count("pk"), since=Min("due_at"))
    if found["count"]:
        yield diagnosis(code, count=found["count"], minutes=_minutes(timezone.now() - found["since"]))


def _backups() -> Iterator[Diagnosis]:
    """Of a site that makes them with our command: others have a way of their own."""
    last = AuditEntry.objects.filter(customer=None, action="backup-made").order_by("number").last()
    if last and last.at < timezone.now() - _BACKUP:
        yield diagnosis("backup-late", made_at=timezone.localtime(last.at))


def _minutes(time: timedelta) -> int:
    return round(time.total_seconds() / 60)
