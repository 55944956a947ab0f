"""Tokens by which programs work as their user, for one customer. A token is shown once and kept as a
hash; it is 256 random bits, so that a plain SHA-256 keeps it and nobody guesses it."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit, permissions, throttle
from instroom.store.models import ApiToken, Customer, Role, User

PREFIX: Final = "instroom_"
"""What every token begins with, so that scanners of source code know one that has leaked."""
DAYS: Final = 90
MOST_DAYS: Final = 366
MOST_LETTERS: Final = 60  # of the name
SCOPES: Final = ("read", "deliver", "withdraw", "approve", "refuse", "undo", "refresh", "configure")
"""Actions of `flow.permissions` that a program may be given."""
_BYTES: Final = 32
_USED_AGAIN_AFTER: Final = timedelta(minutes=1)


class Made(NamedTuple):
    token: ApiToken
    secret: str
    """What the program sends. It is not stored; if it is lost, make a new token."""


class Pass(NamedTuple):
    """A valid token, with what it allows."""

    token: ApiToken
    user: User
    customer: Customer
    rights: frozenset[str]
    """What the user may do for the customer now; empty if the roles are gone."""
    actions: frozenset[str]
    """The rights that the token has scopes for."""


@transaction.atomic
def add(customer: Customer, name: str, scopes: Collection[str], days: int = DAYS, *, by: User) -> Made:
    """Create a token for a program of this user; it expires after `days`.

    Raises NotFound, and NotAllowed if the user lacks the right for one of the `scopes`.
    """
    permissions.check(by, "read", customer)
    _refuse_what_is_wrong(name.strip(), scopes, days)
    for scope in scopes:
        permissions.check(by, scope, customer)
    secret, now = PREFIX + secrets.token_urlsafe(_BYTES), timezone.now()
    token = ApiToken.objects.create(
        user=by,
        customer=customer,
        name=name.strip(),
        token_hash=_hash(secret),
        scopes=[scope for scope in SCOPES if scope in scopes],
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    audit.note(customer, "token-made", by, program=token.name, token=str(token.pk), scopes=token.scopes)
    return Made(token, secret)


def tokens_of(user: User) -> list[ApiToken]:
    """A user's tokens, the newest first, including those that have ended."""
    return list(ApiToken.objects.filter(user=user).select_related("customer").order_by("-pk"))


def tokens_for(customer: Customer) -> list[ApiToken]:
    """All tokens for a customer, the newest first."""
    return list(ApiToken.objects.filter(customer=customer).select_related("customer", "user").order_by("-pk"))


@transaction.atomic
def end(token_id: UUID, *, by: User) -> ApiToken:
    """End a token immediately: one's own, or as operator of its customer. Ending it again changes nothing.

    Raises NotFound, also for somebody else's token.
    """
    token = ApiToken.objects.filter(pk=token_id).select_related("customer", "user").first()
    if token is None or not _may_end(token, by):
        raise NotFound("no-token", token=token_id)
    if token.ended_at is None:
        token.ended_at = timezone.now()
        token.save(update_fields=["ended_at"])
        audit.note(token.customer, "token-ended", by, program=token.name, token=str(token.pk))
    return token


def is_valid(token: ApiToken, now: datetime | None = None) -> bool:
    """Whether the token has neither ended nor expired."""
    return token.ended_at is None and token.expires_at > (now or timezone.now())


def holder(secret: str) -> Pass | None:
    """The holder of this token and their rights; None if it is unknown, expired or ended, or its user is inactive."""
    if not secret.startswith(PREFIX):
        return None
    found = ApiToken.objects.select_related("user", "customer").filter(token_hash=_hash(secret)).first()
    now = timezone.now()
    if found is None or not is_valid(found, now) or not found.user.is_active:
        return None
    if found.used_at is None or now - found.used_at > _USED_AGAIN_AFTER:
        ApiToken.objects.filter(pk=found.pk).update(used_at=now)
    rights = permissions.allowed(found.user, found.customer)
    return Pass(found, found.user, found.customer, rights, rights & frozenset(found.scopes))


@transaction.atomic
def too_many_unknown(address: str) -> bool:
    """Whether this address has sent so many unknown tokens that it must wait. If not, count one more."""
    if throttle.banned_until(throttle.API_TOKENS, address=address):
        return True
    throttle.count(throttle.API_TOKENS, address=address)
    audit.note(None, "token-wrong", address=address)
    return False


def _may_end(token: ApiToken, user: User) -> bool:
    operator = Role.objects.filter(customer=token.customer, user=user, name=Role.OPERATOR)
    return token.user_id == user.pk or operator.exists()


def _refuse_what_is_wrong(name: str, scopes: Collection[str], days: int) -> None:
    if not name or len(name) > MOST_LETTERS or not name.isprintable():
        raise NotAllowed("token-name", most=MOST_LETTERS)
    if not scopes or set(scopes) - set(SCOPES):
        raise NotAllowed("token-scopes", scopes=SCOPES)
    if not 1 <= days <= MOST_DAYS:
        raise NotAllowed("token-days", most=MOST_DAYS)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
