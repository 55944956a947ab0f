"""Failed sign-ins and uploads of accounts: operators see them with their cause, and what can be changed about it.

The last ones of each account are kept, for thirty days. Attempts under unknown names are only counted: they come from
attackers, and some are passwords.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, cast
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from instroom.core.language import Language
from instroom.core.wording.catalogue import label
from instroom.flow import throttle
from instroom.flow.news import links, outbox
from instroom.flow.news.notifications import people_with
from instroom.store.models import FailedAttempt, FileAccount, Role

SIGN_IN_CAUSES: Final = ("wrong-password", "former-name", "banned", "switched-off", "tls-required")
UPLOAD_CAUSES: Final = (
    *("no-close-notify", "data-tls", "data-without-tls", "no-data-connection", "no-data-port", "reset", "control-lost"),
    *("data-not-resumed", "session-ended"),
    *("aborted", "stalled", "too-large", "no-room", "disk-full", "not-stored", "nothing-to-resume", "name-refused"),
    *("customer-full", "no-room-on-disk", "too-many-waiting"),
)
SETTINGS: Final = {
    "wrong-password": "password",
    "former-name": "name",
    "banned": "unban",
    "switched-off": "active",
    "tls-required": "plain_ftp",
    "no-close-notify": "allow_missing_close_notify",
    "data-without-tls": "plain_ftp",
    "data-not-resumed": "tls_resumption",
    "session-ended": "active",
    "no-data-connection": "INSTROOM_FTP_PASSIVE",
    "no-data-port": "INSTROOM_FTP_PASSIVE",
    "stalled": "INSTROOM_FTP_STALL",
    "too-large": "INSTROOM_FTP_FILE_MB",
    "no-room": "INSTROOM_FTP_QUOTA_MB",
    "disk-full": "INSTROOM_FTP_FREE_MB",
    "no-room-on-disk": "INSTROOM_FREE_MB",
}
"""Cause → the setting of the account or the site that can be changed about it."""

TOLD_AT: Final = 3  # failed attempts in a row
_KEPT_SIGN_INS: Final = 20
_KEPT_UPLOADS: Final = 30
_SAME: Final = timedelta(hours=1)
_PAUSE: Final = 60.0  # seconds in which the same refusal is written once
_MOST: Final = 1000


@transaction.atomic
def remember(account_id: UUID, cause: str, *, address: str = "", file_name: str = "", in_row: bool = True) -> None:
    """Record a failed attempt. Operators are told of the third in a row without an upload, once. `in_row` is whether it
    counts for that: guesses of others do not."""
    account = FileAccount.objects.select_for_update(of=("self",)).filter(pk=account_id).first()
    if account is None:
        return
    now, facts = timezone.now(), {"cause": cause, "address": address[:45], "file_name": file_name[:255]}
    same = account.failed_attempts.filter(**facts, at__gt=now - _SAME).order_by("-at").first()
    if same:
        FailedAttempt.objects.filter(pk=same.pk).update(times=F("times") + 1, at=now)
    else:
        FailedAttempt.objects.create(account=account, at=now, **facts)
        _trim(account)
    if in_row:
        FileAccount.objects.filter(pk=account.pk).update(failed_in_row=F("failed_in_row") + 1)
        if account.failed_in_row + 1 == TOLD_AT:
            _tell(account, cause, now)


def record_upload(account_id: UUID) -> None:
    """An upload succeeded: failures after it are reported again."""
    FileAccount.objects.filter(pk=account_id, failed_in_row__gt=0).update(failed_in_row=0)


def record_sign_in(account: FileAccount) -> None:
    """The account has signed in, which ends a row of failed sign-ins."""
    if account.failed_in_row:
        last = account.failed_attempts.order_by("-at").values_list("cause", flat=True).first()
        if last in SIGN_IN_CAUSES:
            record_upload(account.pk)


def record_refusal(account: FileAccount, cause: str, address: str, *, in_row: bool) -> None:
    """Record a sign-in that was refused before its password was checked. This is cheap to repeat, so it is written once
    a minute."""
    if _REFUSALS.is_new((account.name, cause, address)):
        remember(account.pk, cause, address=address, in_row=in_row)


def record_unknown_name() -> None:
    throttle.count(throttle.UNKNOWN_NAMES)


def unknown_names() -> int:
    """How many sign-ins failed lately under names that no account has."""
    return throttle.counted(throttle.UNKNOWN_NAMES)


def attempts_of(accounts: Sequence[FileAccount], most: int = 50) -> list[FailedAttempt]:
    """The failed attempts of these accounts, the last one first."""
    found = FailedAttempt.objects.filter(account__in=accounts).select_related("account")
    return list(found.order_by("-at", "-pk")[:most])


def document(attempt: FailedAttempt, lang: Language) -> dict[str, Any]:
    """How a failed attempt stands in the API."""
    return {
        "at": attempt.at.isoformat(),
        "cause": attempt.cause,
        "message": label("failed-attempt", attempt.cause, lang),
        "setting": SETTINGS.get(attempt.cause),
        "file_name": attempt.file_name or None,
        "address": attempt.address or None,
        "times": attempt.times,
    }


def _trim(account: FileAccount) -> None:
    """Sign-ins and uploads are counted apart, so that guesses at an account hide none of its uploads."""
    newest_first = account.failed_attempts.order_by("-at", "-pk").values_list("pk", flat=True)
    sign_ins = newest_first.filter(cause__in=SIGN_IN_CAUSES)[_KEPT_SIGN_INS:]
    uploads = newest_first.exclude(cause__in=SIGN_IN_CAUSES)[_KEPT_UPLOADS:]
    if old := [*sign_ins, *uploads]:
        FailedAttempt.objects.filter(pk__in=old).delete()


def _tell(account: FileAccount, cause: str, now: datetime) -> None:
    for user in people_with(account.customer, Role.OPERATOR):
        lang = cast(Language, user.language)
        facts = {
            "account": account.name,
            "customer": account.customer.title,
            "times": TOLD_AT,
            "link": links.file_account(account),
            "lines": [label("failed-attempt", cause, lang)],
        }
        once = f"account-failing:{account.pk}:{now.isoformat()}:{user.pk}"
        outbox.write("account-failing", user, lang, facts, customer=account.customer, once=once)


class _Refusals:
    """The refusals of the last minute in this process."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, str], float] = {}
        self._lock = Lock()

    def is_new(self, refusal: tuple[str, str, str]) -> bool:
        now = time.monotonic()
        with self._lock:
            if len(self._seen) >= _MOST:
                self._seen = {one: at for one, at in self._seen.items() if now - at < _PAUSE}
            if now - self._seen.get(refusal, -_PAUSE) < _PAUSE or len(self._seen) >= _MOST:
                return False
            self._seen[refusal] = now
            return True


_REFUSALS: Final = _Refusals()
