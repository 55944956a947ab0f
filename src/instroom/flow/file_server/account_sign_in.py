"""Signs programs in at the file server (product.md F2). Failed attempts lead to bans (`flow.throttle`).

Guesses of others ban an account or an address, but not an account at an address where it has signed in before: only
guesses at both together do that. From a new address such an account accepts passwords as long as those that we
generate, which nobody guesses. So nobody can lock a customer out.
"""

import hmac
import time
from datetime import timedelta
from hashlib import sha256
from secrets import token_bytes
from threading import Lock
from typing import Final, NamedTuple

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit, permissions, throttle
from instroom.flow.file_server import failed_attempts
from instroom.flow.file_server.tls_resumption import must_resume
from instroom.flow.people.hashing import one_hash
from instroom.store.models import FileAccount, KnownAddress

REMEMBERED: Final = timedelta(days=30)
_MOST_CHARACTERS: Final = 1024
_LONG: Final = 20
"""Characters of a password that nobody guesses; those that we generate have 23."""


class Banned(NotAllowed):
    """Too many failed attempts: the password is not checked."""


class SignedIn(NamedTuple):
    """An account as its session knows it, from the moment of signing in."""

    id: str
    name: str
    customer: str
    allow_missing_close_notify: bool
    landing_folders: frozenset[str] = frozenset()
    """Where files become deliveries too, beside the top; relative to it."""
    tls: bool = True
    stamp: str = ""
    """Another one means another password."""
    must_resume: int = 0
    """So many first data connections of a session must resume its TLS session; see `tls_resumption`."""


def may_come_plain(name: str, address: str) -> bool:
    """Whether the account may sign in without TLS. An unknown name may not, and counts as a failed attempt of its
    address: the answer tells which names have such accounts. Raises Banned."""
    name = _normalized(name)
    account = FileAccount.objects.filter(name=name).first()
    by_address = tuple(one for one in throttle.FILE_SERVER if one.by == "address")
    _refuse_banned(by_address, name, address, account)
    if account is None:
        throttle.count(by_address, address=address)
    if account and account.active and account.plain_ftp:
        return True
    if account:
        _note_refusal(account, "tls-required", address)
    return False


def sign_in(name: str, password: str, address: str, *, tls: bool) -> SignedIn:
    """The account, if the password is correct. An unknown name takes as long as a wrong password.

    Raises Banned before anything is hashed, NotAllowed with the same sentence for every cause, and CustomerMoving.
    """
    name, password = _normalized(name), password[:_MOST_CHARACTERS]
    account = FileAccount.objects.filter(name=name).select_related("customer").first()
    limits = tuple(one for one in throttle.FILE_SERVER if one.by != "name" or len(password) < _LONG)
    _refuse_banned(limits, name, address, account)
    right = _RECENT.has(account, password) or _verified(account, password)
    if account is None or not right or not account.active or not (tls or account.plain_ftp):
        _record_failure(name, address, account)
        if account:
            no_tls = account.active and not tls
            cause = "wrong-password" if not right else "tls-required" if no_tls else "switched-off"
            failed_attempts.remember(account.pk, cause, address=address, in_row=_is_its_own(account, address))
        else:
            _note_unknown_name(name, address)
        raise NotAllowed("wrong-name-or-password")
    permissions.refuse_moving(account.customer)
    _RECENT.keep(account, password)
    _record_success(account, address)
    failed_attempts.record_sign_in(account)
    folders = account.connections.exclude(folder="").values_list("folder", flat=True)
    return SignedIn(
        account.pk.hex,
        account.name,
        account.customer.name,
        account.allow_missing_close_notify,
        frozenset(folders),
        tls,
        password_stamp(account),
        must_resume(account),
    )


def password_stamp(account: FileAccount) -> str:
    return sha256(account.password.encode()).hexdigest()


def _normalized(name: str) -> str:
    """The name as accounts are stored. PostgreSQL cannot store NUL, so it is replaced: no account has that name."""
    return name.strip().lower()[:60].replace("\0", "\ufffd")


def _verified(account: FileAccount | None, password: str) -> bool:
    with one_hash():
        if account is None:
            make_password(password)  # the response time must not reveal which accounts exist
            return False
        return check_password(password, account.password)


def _refuse_banned(limits: throttle.Policy, name: str, address: str, account: FileAccount | None) -> None:
    def is_known() -> bool:
        return account is not None and _is_known(account, address)

    if throttle.banned_until(limits, address=address, name=name, is_known=is_known):
        if account:
            _note_refusal(account, "banned", address)
        raise Banned("banned")


def _is_known(account: FileAccount, address: str) -> bool:
    recently = timezone.now() - REMEMBERED
    return KnownAddress.objects.filter(account=account, address=address, last_at__gt=recently).exists()


def _is_its_own(account: FileAccount, address: str) -> bool:
    """Whether a failure counts as the account's own: others may guess at an account that is used elsewhere."""
    return account.last_seen_at is None or _is_known(account, address)


def _note_refusal(account: FileAccount, cause: str, address: str) -> None:
    failed_attempts.record_refusal(account, cause, address, in_row=_is_its_own(account, address))


def _note_unknown_name(name: str, address: str) -> None:
    """A program that has not been told that its account was renamed is one of its account."""
    renamed = FileAccount.objects.filter(former_name=name).order_by("-pk").first() if name else None
    if renamed:
        failed_attempts.remember(renamed.pk, "former-name", address=address, in_row=_is_its_own(renamed, address))
    else:
        failed_attempts.record_unknown_name()


@transaction.atomic
def _record_failure(name: str, address: str, account: FileAccount | None) -> None:
    for limit, until in throttle.count(throttle.FILE_SERVER, address=address, name=name):
        if account and limit.by != "address":
            audit.note(account.customer, "account-banned", None, account=account.name, until=until.isoformat())


def _record_success(account: FileAccount, address: str) -> None:
    """A correct password resets the counter of this account and address, and makes the address known."""
    now = timezone.now()
    throttle.record_success(throttle.FILE_SERVER, address=address, name=account.name)
    KnownAddress.objects.update_or_create(account=account, address=address, defaults={"last_at": now})
    FileAccount.objects.filter(pk=account.pk).update(last_seen_at=now)


class _RecentSignIns:
    """Skips the slow hash for accounts that signed in minutes ago: many programs sign in again for each file.

    Holds a digest of the password and its stored hash, under a key that only this process has.
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


_RECENT: Final = _RecentSignIns()
