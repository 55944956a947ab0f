"""Lets a program in at the file server. Guessing is slowed down by bans that outlive the process (product.md F2).

What is wrong is counted of the address, of the account, and of the two together. An account that is banned for the
guesses of others can still be signed in to from where it has been before: nobody can keep a customer out.
"""

import hmac
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_bytes
from threading import Lock
from typing import Final, NamedTuple

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit
from instroom.store.models import FileAccount, KnownAddress, SignInTrouble

WITHIN: Final = timedelta(minutes=15)
MOST: Final[Mapping[str, int]] = {"pair": 5, "address": 20, "account": 30}
"""So many failures within that time are a ban of the same time; each next one is twice as long, up to a day."""
_LONGEST: Final = timedelta(days=1)
_REMEMBERED: Final = timedelta(days=30)
_MOST_CHARACTERS: Final = 1024


class Banned(NotAllowed):
    """Too many failures: for now nothing is looked at."""


class Sight(NamedTuple):
    """What a session may know of its account."""

    id: str
    name: str
    customer: str
    allow_missing_close_notify: bool


def may_come_plain(name: str) -> bool:
    """Whether the account of that name may sign in without TLS. The answer is no for one that does not exist."""
    return FileAccount.objects.filter(name=_asked(name), active=True, plain_ftp=True).exists()


def sign_in(name: str, password: str, address: str, *, tls: bool) -> Sight:
    """The account of that name, where the password is its own. Takes the time of a hash whoever asks.

    Raises Banned before anything is hashed, and NotAllowed in the same words whatever is wrong.
    """
    name, password = _asked(name), password[:_MOST_CHARACTERS]
    account = FileAccount.objects.filter(name=name).select_related("customer").first()
    _refuse_banned(name, address, account)
    right = _LATELY.has(account, password) or _verified(account, password)
    if account is None or not right or not account.active or not (tls or account.plain_ftp):
        _count_failure(name, address)
        raise NotAllowed("The name or the password is not right.", "De naam of het wachtwoord klopt niet.")
    _LATELY.keep(account, password)
    _welcome(account, address)
    return Sight(account.pk.hex, account.name, account.customer.name, account.allow_missing_close_notify)


def _asked(name: str) -> str:
    """A name as accounts have it. PostgreSQL knows no NUL: such a name stays one that nobody has."""
    return name.strip().lower()[:60].replace("\0", "\ufffd")


def _verified(account: FileAccount | None, password: str) -> bool:
    if account is None:
        make_password(password)  # nobody learns from the time it takes which accounts there are
        return False
    return check_password(password, account.password)


def _about(name: str, address: str) -> dict[str, str]:
    return {"pair": f"pair {address} {name}", "address": f"address {address}", "account": f"account {name}"}


def _refuse_banned(name: str, address: str, account: FileAccount | None) -> None:
    about = _about(name, address)
    now = timezone.now()
    banned = set(
        SignInTrouble.objects.filter(about__in=about.values(), banned_until__gt=now).values_list("about", flat=True)
    )
    if banned == {about["account"]} and account and _is_known(account, address, now):
        return
    if banned:
        raise Banned("Too many failed attempts. Try again later.", "Te veel mislukte pogingen. Probeer het later.")


def _is_known(account: FileAccount, address: str, now: datetime) -> bool:
    return KnownAddress.objects.filter(account=account, address=address, last_at__gt=now - _REMEMBERED).exists()


def _count_failure(name: str, address: str) -> None:
    for kind, about in _about(name, address).items():
        with transaction.atomic():
            _count(about, MOST[kind])


def _count(about: str, most: int) -> None:
    now = timezone.now()
    trouble, _ = SignInTrouble.objects.get_or_create(about=about, defaults={"since": now})
    rows = SignInTrouble.objects.filter(pk=trouble.pk)
    if trouble.since < now - WITHIN:
        forgotten = trouble.since < now - _LONGEST
        rows.update(failures=1, since=now, **({"bans": 0} if forgotten else {}))
        return
    rows.update(failures=F("failures") + 1)
    trouble.refresh_from_db()
    if trouble.failures >= most:
        until = now + min(WITHIN * 2 ** min(trouble.bans, 10), _LONGEST)
        rows.update(failures=0, since=now, bans=F("bans") + 1, banned_until=until)
        _note_ban(about, until)


def _note_ban(about: str, until: datetime) -> None:
    kind, _, of = about.partition(" ")
    name = of.partition(" ")[2] if kind == "pair" else of  # who guesses may put a space into a name
    account = FileAccount.objects.filter(name=name).select_related("customer").first() if kind != "address" else None
    if account:
        audit.note(account.customer, "account-banned", None, account=account.name, until=until.isoformat())


def _welcome(account: FileAccount, address: str) -> None:
    """Whoever knows the password is no guesser: the count of this pair begins anew."""
    now = timezone.now()
    SignInTrouble.objects.filter(about=_about(account.name, address)["pair"]).delete()
    KnownAddress.objects.update_or_create(account=account, address=address, defaults={"last_at": now})
    FileAccount.objects.filter(pk=account.pk).update(last_seen_at=now)


def forget_old_troubles() -> None:
    """Drop counts that no longer matter."""
    long_ago = timezone.now() - 2 * _LONGEST
    SignInTrouble.objects.filter(since__lt=long_ago).exclude(banned_until__gt=timezone.now()).delete()


class _Lately:
    """Who signed in a moment ago need not wait for the hash again: programs often come back for each file.

    Holds a digest under a key of this process alone, of the password together with its stored hash.
    """

    _SECONDS = 300
    _MOST = 1000

    def __init__(self) -> None:
        self._key = token_bytes(32)
        self._kept: dict[str, tuple[float, bytes]] = {}
        self._lock = Lock()

    def has(self, account: FileAccount | None, password: str) -> bool:
        with self._lock:
            until, digest = self._kept.get(account.name if account else "", (0.0, b""))
        return bool(account) and until > time.monotonic() and hmac.compare_digest(digest, self._of(account, password))

    def keep(self, account: FileAccount, password: str) -> None:
        with self._lock:
            if len(self._kept) >= self._MOST:
                self._kept.clear()
            self._kept[account.name] = (time.monotonic() + self._SECONDS, self._of(account, password))

    def _of(self, account: FileAccount | None, password: str) -> bytes:
        stored = account.password if account else ""
        return hmac.digest(self._key, f"{stored}\0{password}".encode(), "sha256")


_LATELY: Final = _Lately()
