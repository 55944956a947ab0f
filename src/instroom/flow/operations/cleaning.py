"""What nobody needs any more goes: once a day, by each worker. Doing it again changes nothing.

How long is kept what is of the persons in deliveries is a customer's to say: see `ageing`.
"""

import logging
import math
from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from instroom.core.retention import CALLS_DAYS
from instroom.flow import audit
from instroom.flow.delivery.receive_once import KEPT
from instroom.flow.file_server.account_sign_in import REMEMBERED
from instroom.flow.operations import key_rotation
from instroom.flow.operations.ageing import age
from instroom.flow.passing_by import PassedBy
from instroom.flow.retention import retention_of
from instroom.store import leases
from instroom.store.files import orphans, scratch
from instroom.store.ids import first_id_at
from instroom.store.models import (
    AskedReport,
    AttemptCounter,
    Customer,
    Delivery,
    FailedAttempt,
    Invitation,
    KnownAddress,
    Mail,
    RepeatKey,
    WebhookCall,
    WebSession,
)
from instroom.store.sql import write_ahead_log
from instroom.store.sql.erasing import forget_words
from instroom.store.sql.findings import put_older_in_chunks
from instroom.store.words_backlog import index_backlog

EVERY: Final = timedelta(days=1)
_INVITATIONS: Final = timedelta(days=30)  # after their end
_CALLS: Final = timedelta(days=CALLS_DAYS)
_FAILED_ATTEMPTS: Final = timedelta(days=30)
_ORPHANS: Final = timedelta(days=7)  # a file that no delivery has is put aside when it is this old
_AT_ONCE: Final = 500  # rows in a transaction: others write too
_passed_by = PassedBy[str]("cleaning")
_log = logging.getLogger(__name__)


def clean() -> dict[str, int]:
    """Delete what is past, and what is of persons when its time is over, and give how many of each. Files that are no
    delivery's are put aside, and go when they would have gone as one's. What an older version kept in one piece or in
    the clear, or under an older key, is put right. Where the audit log ends is sealed anew, and written into our own
    log. Nothing where another process is doing this: workers that start together would wait for each other."""
    gone = Counter[str]()
    with leases.held(leases.CLEANING) as lease:
        for work in (_anchor, _put_right, _sweep, age, _forget_words, _encrypt_anew, _delete_past) if lease else ():
            with _passed_by.where_it_breaks(work.__name__):
                gone += Counter(work())
    write_ahead_log.empty()
    if gone:
        _log.info("cleaned: %s", ", ".join(f"{count} {name}" for name, count in gone.items()))
    return gone


def _anchor() -> dict[str, int]:
    audit.seal_ends()
    if anchors := audit.anchors():
        _log.info("anchors of the audit log: %s", " ".join(anchors))
    return {}


def _put_right() -> dict[str, int]:
    put_older_in_chunks()
    index_backlog()  # of an upgrade that was broken off
    scratch.delete_orphans()
    return {}


def _forget_words() -> dict[str, int]:
    forget_words()  # of dossiers that an undo has removed, or that have another name
    return {}


def _sweep() -> dict[str, int]:
    swept = orphans.sweep(_ORPHANS.total_seconds(), _seconds_kept, _delivered, _first_delivery)
    if swept["put aside"]:
        _log.warning("%d files belong to no delivery: they are kept for a while in files/*/aside", swept["put aside"])
    return {f"files {what}": count for what, count in swept.items()}


def _encrypt_anew() -> dict[str, int]:
    files = 0
    for customer in Customer.objects.all():
        with _passed_by.where_it_breaks(customer.name):
            files += key_rotation.reseal_files(customer)
    values, keys = key_rotation.reseal_values(), key_rotation.delete_unused_keys()
    return {"files encrypted anew": files, "values encrypted anew": values, "data keys": keys}


def _delete_past() -> dict[str, int]:
    return {name: _delete(found) for name, found in _past(timezone.now()).items()}


def _past(now: datetime) -> dict[str, QuerySet[Any]]:
    """A mail that still waits to be sent is not past, unless no mail server is set: then none is ever sent."""
    ended = now - _INVITATIONS
    mails = Mail.objects.filter(made_at__lt=now - timedelta(days=settings.INSTROOM_MAIL_DAYS))
    if settings.INSTROOM_SMTP:
        mails = mails.exclude(sent_at=None, given_up_at=None)
    return {
        "mails": mails,
        "invitations": Invitation.objects.filter(Q(ended_at__lt=ended) | Q(expires_at__lt=ended)),
        "keys": RepeatKey.objects.filter(made_at__lt=now - KEPT),
        "calls": WebhookCall.objects.filter(pk__lt=first_id_at(now - _CALLS)),
        "failed attempts": FailedAttempt.objects.filter(at__lt=now - _FAILED_ATTEMPTS),
        "known addresses": KnownAddress.objects.filter(last_at__lt=now - REMEMBERED),
        "reports given up": AskedReport.objects.filter(given_up_at__lt=now - EVERY),
        "counters": AttemptCounter.objects.filter(expires_at__lt=now),
        "sessions": WebSession.objects.filter(expire_date__lt=now),
    }


def _seconds_kept(customer: str) -> float:
    keep = retention_of(Customer.objects.filter(name=customer).first())
    return timedelta(days=keep.keep_files_days).total_seconds()


def _first_delivery(customer: str) -> float:
    """When the database came to know a file of this customer."""
    first = Delivery.objects.filter(customer__name=customer, kind=Delivery.FILE).order_by("number").first()
    return first.received_at.timestamp() if first else math.inf


def _delivered(keys: list[str]) -> set[str]:
    """Those of these keys that are of a delivery whose file is kept."""
    found: set[str] = set()
    for start in range(0, len(keys), _AT_ONCE):
        some = Delivery.objects.filter(file_key__in=keys[start : start + _AT_ONCE], file_removed_at=None)
        found.update(some.values_list("file_key", flat=True))
    return found


def _delete(found: QuerySet[Any]) -> int:
    count = 0
    while deleted := _delete_some(found):
        count += deleted
    return count


@transaction.atomic
def _delete_some(found: QuerySet[Any]) -> int:
    ids = list(found.select_for_update(skip_locked=True).values_list("pk", flat=True)[:_AT_ONCE])
    found.model.objects.filter(pk__in=ids).delete()
    return len(ids)
