"""Tokens by which programs work as their user, for one customer. A token is shown once and kept as a
hash; it is 256 random bits, so that a plain SHA-256 keeps it and nobody guesses it."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit, permissions, throttle
from instroom.flow.news import account_news
from instroom.flow.people import sign_in
from instroom.flow.permissions import OF_SOURCES
from instroom.flow.site_clock import iso_moment
from instroom.flow.source_limits import checked_sources, limit_facts
from instroom.store.models import ApiToken, Customer, Role, User

PREFIX: Final = "instroom_"
"""What every token begins with, so that scanners of source code know one that has leaked."""
DAYS: Final = 90
MOST_DAYS: Final = 366
"""Of any site. A site may allow less: see `longest_days`."""
MOST_LETTERS: Final = 60  # of the name
SCOPES: Final = (
    *("read", "export", "deliver", "withdraw", "comment", "approve", "refuse", "undo", "retry", "refresh"),
    *("configure", "privacy", "manage-tokens", "manage-users", "manage-customers"),
)
"""Actions of `flow.permissions` that a program may be given."""
_BYTES: Final = 32
_USED_AGAIN_AFTER: Final = timedelta(minutes=1)


class TokenWithSecret(NamedTuple):
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


class BeyondToken(NotAllowed):
    """A program asks for more than its own token allows."""


@transaction.atomic
def add(
    customer: Customer,
    name: str,
    scopes: Collection[str],
    days: int | None = None,
    *,
    by: User,
    within: Pass | None = None,
    sources: Collection[str] = (),
) -> TokenWithSecret:
    """Create a token for a program of this user; it expires after `days`, by default DAYS or `longest_days`.

    `within` is the token of a program that asks: the new one allows nothing that it does not, and ends when it does, or
    before. Limited to `sources`, if any, it does nothing with others. The user is told by mail.

    Raises NotAllowed if the user lacks the right for one of the `scopes`,
    BeyondToken, and NotFound where the token of the program has ended meanwhile.
    """
    if within is None:
        sign_in.hold(by)
    elif not is_valid(ApiToken.objects.select_for_update().get(pk=within.token.pk)):
        raise NotFound("no-token", token=within.token.pk)
    permissions.check(by, "manage-tokens", customer)
    lasts = min(DAYS, longest_days()) if days is None else days
    _refuse_what_is_wrong(name.strip(), scopes, lasts)
    secret, now = PREFIX + secrets.token_urlsafe(_BYTES), timezone.now()
    expires_at = now + timedelta(days=lasts)
    if within:
        if beyond := [scope for scope in scopes if scope not in within.token.scopes]:
            raise BeyondToken("token-beyond", scopes=beyond)
        if days is not None and expires_at > within.token.expires_at:
            raise BeyondToken("token-longer", until=timezone.localtime(within.token.expires_at))
        expires_at = min(expires_at, within.token.expires_at)
    limit = _limit(sources, scopes, within)
    able = permissions.allowed(by, customer)
    for scope in (one for one in scopes if one not in able):
        permissions.check(by, scope, customer)
    token = ApiToken.objects.create(
        user=by,
        customer=customer,
        name=name.strip(),
        token_hash=_hash(secret),
        scopes=[scope for scope in SCOPES if scope in scopes],
        sources=limit,
        made_at=now,
        expires_at=expires_at,
        made_with=within.token if within else None,
    )
    account_news.tell(by, "token-made")
    facts = {"program": token.name, "token": str(token.pk), "scopes": token.scopes, **limit_facts(limit)}
    audit.note(customer, "token-made", by, **facts)
    return TokenWithSecret(token, secret)


def _limit(sources: Collection[str], scopes: Collection[str], within: Pass | None) -> list[str]:
    """The sources of a new token: without any, those of the program that asks."""
    own = within.token.sources if within else []
    limit = checked_sources(sources) or own
    if own and set(limit) - set(own):
        raise BeyondToken("token-sources-beyond", sources=own)
    if limit and set(scopes) - OF_SOURCES:
        raise NotAllowed("token-limited", scopes=[scope for scope in SCOPES if scope in OF_SOURCES])
    return limit


def longest_days() -> int:
    """How many days a token that is made now may last on this site (INSTROOM_TOKEN_DAYS)."""
    return int(settings.INSTROOM_TOKEN_DAYS)


def tokens_of(user: User) -> list[ApiToken]:
    """A user's tokens, the newest first, including those that have ended."""
    return list(ApiToken.objects.filter(user=user).select_related("customer").order_by("-pk"))


def tokens_for(customer: Customer, within: Pass | None = None, *, user: User | None = None) -> list[ApiToken]:
    """All tokens for a customer, or those of one user, the newest first; if a program asks `within` its token, those
    that it may see: without `manage-users`, its user's own."""
    found = ApiToken.objects.filter(customer=customer).select_related("customer", "user")
    if within and "manage-users" not in within.actions:
        found = found.filter(user=within.user)
    if user:
        found = found.filter(user=user)
    return list(found.order_by("-pk"))


@transaction.atomic
def end(token_id: UUID, *, by: User, within: Pass | None = None) -> ApiToken:
    """End a token immediately, with those made with it: one's own, or as operator of its customer; a program those that
    it may see. Ending it again changes nothing.

    Raises NotFound, also for somebody else's token.
    """
    token = ApiToken.objects.filter(pk=token_id).select_related("customer", "user").first()
    may_end = token is not None and (
        token.user_id == by.pk or Role.objects.filter(customer=token.customer, user=by, name=Role.OPERATOR).exists()
    )
    if token is None or not may_end or (within and token not in tokens_for(within.customer, within)):
        raise NotFound("no-token", token=token_id)
    _end_with_those_made(token, by)
    return token


def end_all(user: User, *, by: User | None = None) -> int:
    """End all tokens of a user, in a transaction of the caller. Gives how many there were."""
    found = list(ApiToken.objects.filter(user=user, ended_at=None).select_related("customer", "user"))
    for token in found:
        _end_with_those_made(token, by)
    return len(found)


def _end_with_those_made(token: ApiToken, by: User | None) -> None:
    if token.ended_at is None:
        token.ended_at = timezone.now()
        token.save(update_fields=["ended_at"])
        of = token.user.username
        audit.note(token.customer, "token-ended", by, of=of, program=token.name, token=str(token.pk))
    for made in token.made.filter(ended_at=None).select_related("customer", "user"):
        _end_with_those_made(made, by)


def document(token: ApiToken) -> dict[str, Any]:
    """The document of the API and the command line; never its secret."""
    return {
        "id": str(token.pk),
        "name": token.name,
        "user": token.user.username,
        "customer": token.customer.name,
        "scopes": token.scopes,
        "sources": token.sources,
        **{name: iso_moment(getattr(token, name)) for name in ("made_at", "expires_at", "used_at", "ended_at")},
    }


def is_valid(token: ApiToken, now: datetime | None = None) -> bool:
    """Whether the token has neither ended nor expired."""
    return token.ended_at is None and token.expires_at > (now or timezone.now())


def has_valid(user: User) -> bool:
    """Whether a program can work as this user now."""
    return ApiToken.objects.filter(user=user, ended_at=None, expires_at__gt=timezone.now()).exists()


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


def is_known(secret: str) -> bool:
    """Whether it is a valid token of an active user. Only reads, and so waits for nobody."""
    found = ApiToken.objects.filter(token_hash=_hash(secret), ended_at=None, expires_at__gt=timezone.now())
    return found.filter(user__is_active=True).exists()


@transaction.atomic
def too_many_unknown(address: str) -> bool:
    """Whether this address has sent so many unknown tokens that it must wait. If not, count one more."""
    if throttle.banned_until(throttle.API_TOKENS, address=address):
        return True
    throttle.count(throttle.API_TOKENS, address=address)
    audit.note(None, "token-wrong", address=address)
    return False


def _refuse_what_is_wrong(name: str, scopes: Collection[str], days: int) -> None:
    if not name or len(name) > MOST_LETTERS or not name.isprintable():
        raise NotAllowed("token-name", most=MOST_LETTERS)
    if not scopes or set(scopes) - set(SCOPES):
        raise NotAllowed("token-scopes", scopes=SCOPES)
    if not 1 <= days <= longest_days():
        raise NotAllowed("token-days", most=longest_days())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
