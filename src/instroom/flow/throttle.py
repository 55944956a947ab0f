"""Slows down guessing and repeated asking. Each use has one policy; counting costs the same under attack as at rest.

Why it counts this way: docs/adr/0027-one-throttle.md.
"""

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Final, Literal, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from instroom.config.listening import plain_address
from instroom.core.errors import InstroomError, NotAllowed
from instroom.store import tallies
from instroom.store.models import AttemptCounter

_MINUTE: Final = timedelta(minutes=1)
_QUARTER: Final = timedelta(minutes=15)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """So many attempts within a window are a ban."""

    name: str
    """In the database, so it never changes. No two limits share one."""
    by: Literal["address", "name", "pair"]
    """Whose attempts are counted together."""
    attempts: int
    window: timedelta = _QUARTER
    ban: timedelta = _QUARTER
    longest_ban: timedelta | None = None
    """Each ban is twice as long as the one before, up to this; None: all are equally long."""
    spares_known_addresses: bool = False
    """Others' attempts do not keep out an address from which the name has signed in before."""
    ends_with_success: bool = False
    slots: int = 16_384
    """The most rows of this limit. When two subjects meet in a slot, the newer one takes it."""


Policy = tuple[Limit, ...]
"""The limits of one use. All apply."""

SIGN_IN: Final[Policy] = (
    Limit("sign-in by address", "address", 50),
    Limit("sign-in by pair", "pair", 5),
    Limit("sign-in by name", "name", 20),
)
PROVIDER_SIGN_IN: Final[Policy] = (Limit("sign-in by provider", "address", 50),)
"""Failures, with a customer's own sign-in provider."""
KNOWN_DEVICE: Final[Policy] = (Limit("sign-in by device", "pair", 5),)
"""In a browser in which the user has signed in before, instead of SIGN_IN: the pair is the browser and the name."""
SECOND_FACTOR: Final[Policy] = (Limit("code", "name", 5), Limit("code a day", "name", 20, window=_DAY, ban=_DAY))
"""Per user, from whatever address: who tries a code has the password already."""
API_TOKENS: Final[Policy] = (Limit("token", "address", 20),)
FILE_SERVER: Final[Policy] = (
    Limit("file server by address", "address", 20, longest_ban=_DAY, spares_known_addresses=True),
    Limit("file server by pair", "pair", 5, longest_ban=_DAY, ends_with_success=True),
    Limit("file server by account", "name", 30, longest_ban=_DAY, spares_known_addresses=True),
)
PASSWORD_RESETS: Final[Policy] = (Limit("password reset", "address", 20, window=_HOUR, ban=_HOUR),)
PASSWORD_MAILS: Final[Policy] = (Limit("password mail", "name", 3, window=_HOUR, ban=_HOUR),)
WEBHOOK_CALLS: Final[Policy] = (Limit("webhook call by hand", "name", 10, window=_MINUTE, ban=_MINUTE),)
"""Of a customer: tests, and calls that are sent again."""
TAKEN_NAMES: Final[Policy] = (Limit("name that is taken", "name", 10, window=_DAY, ban=_DAY),)
"""Of a customer: names of the whole site that it tried and that others have."""
INVITED_NAMES: Final[Policy] = (
    Limit("name that is taken, by invitation", "pair", 10, window=_DAY, ban=_DAY),
    Limit("name that is taken, by customer", "name", 50, window=_DAY, ban=_DAY),
)
"""As TAKEN_NAMES, of who is invited: the pair is the invitation and the customer, who can make many invitations."""
INVITATIONS: Final[Policy] = (Limit("invitation", "name", 100, window=_DAY, ban=_DAY),)
"""Of a customer, so that nobody can flood mailboxes."""
NEW_EMAILS: Final[Policy] = (Limit("new e-mail address", "name", 5, window=_HOUR, ban=_HOUR),)
"""Of a user, to whatever addresses; PASSWORD_MAILS counts those to one address."""
EXPORTS: Final[Policy] = (Limit("export", "name", 30, window=_MINUTE, ban=_MINUTE),)
"""Of a person at a customer: of dossiers, and of the audit log."""
ANSWERS: Final[Policy] = (Limit("answer", "name", 120, window=_MINUTE, ban=_MINUTE),)
"""Of a person at a customer: reports of deliveries, also those that are still being made."""
CHECKS: Final[Policy] = (Limit("check", "name", 20, window=_MINUTE, ban=_MINUTE),)
"""Of a person at a customer: checks of files that are not delivered."""
UNKNOWN_NAMES: Final[Policy] = (Limit("file server unknown names", "name", 2**31 - 1, window=_DAY, slots=1),)
"""Bans nobody: it only counts."""
POLICIES: Final = (
    SIGN_IN,
    PROVIDER_SIGN_IN,
    KNOWN_DEVICE,
    SECOND_FACTOR,
    API_TOKENS,
    FILE_SERVER,
    PASSWORD_RESETS,
    PASSWORD_MAILS,
    WEBHOOK_CALLS,
    TAKEN_NAMES,
    INVITED_NAMES,
    INVITATIONS,
    NEW_EMAILS,
    EXPORTS,
    ANSWERS,
    CHECKS,
)
"""Those that ban."""
WAYS_IN: Final = {
    "sign-in by address": "password",
    "sign-in by device": "password",
    "sign-in by provider": "provider",
    "code": "second-factor",
    "token": "token",
    "file server by address": "file-server",
}
"""The limit by which refused sign-ins are counted → by which way somebody wanted to come in."""


class TooOften(InstroomError):
    """Asked more often than a limit allows; it may be asked again when the ban ends."""


class Ban(NamedTuple):
    """Until then nothing is looked at."""

    until: datetime
    address: str
    """From where, such as 192.0.2.7 or 2001:db8::/64; "" for everywhere."""


class _Place(NamedTuple):
    """Where the attempts of one subject are counted."""

    limit: Limit
    slot: int
    network: str
    name_hash: str

    def holds(self, row: AttemptCounter, now: datetime) -> bool:
        """Whether the row counts this subject, and still says something."""
        return (row.network, row.name_hash) == (self.network, self.name_hash) and row.expires_at > now


def banned_until(
    policy: Policy, *, address: str = "", name: str = "", is_known: Callable[[], bool] | None = None
) -> datetime | None:
    """Until when this address may not try this name; None where it may.

    `is_known` says whether the name has signed in from the address before; asked only where that matters.
    """
    places = _places(policy, address, name)
    now = timezone.now()
    until = {
        place.limit: row.banned_until
        for place, row in _stored(places)
        if place.holds(row, now) and row.banned_until and row.banned_until > now
    }
    if until and all(limit.spares_known_addresses for limit in until) and is_known and is_known():
        return None
    return max(until.values(), default=None)


@transaction.atomic
def count(policy: Policy, *, address: str = "", name: str = "") -> list[tuple[Limit, datetime]]:
    """Count an attempt, in a transaction of the caller if there is one. Gives the bans that begin with it.

    Of attempts at the same time each is counted: their rows are locked.
    """
    places = _places(policy, address, name)
    now = timezone.now()
    AttemptCounter.objects.bulk_create((_new_row(place, now) for place in places), ignore_conflicts=True)
    begun = list[tuple[Limit, datetime]]()
    for limit in policy:
        if limit.name in WAYS_IN:
            tallies.add("refused", WAYS_IN[limit.name])
    for place, row in _stored(places, lock=True):
        if not place.holds(row, now):
            _take_over(row, place, now)
        if until := _count(row, place.limit, now):
            begun.append((place.limit, until))
        row.save(force_update=True)  # there are three at most: to build one statement for all takes far longer
    return begun


def refuse_too_often(policy: Policy, code: str, name: str) -> None:
    """Count an attempt, unless there have been too many: then raise TooOften, with the code of its sentence."""
    if banned_until(policy, name=name):
        raise TooOften(code, most=policy[0].attempts)
    count(policy, name=name)


def counted(policy: Policy, *, address: str = "", name: str = "") -> int:
    """How many attempts of this subject count now."""
    places, now = _places(policy, address, name), timezone.now()
    return max((row.attempts for place, row in _stored(places) if place.holds(row, now)), default=0)


def refuse_taken(is_taken: bool, refusal: NotAllowed, *, customer: UUID, invitation: UUID | None = None) -> None:
    """Raise the refusal where others have the name. How many names of others a customer, or who is invited, can find
    out so is limited. Not for within a transaction: its end would forget the attempt."""
    policy = INVITED_NAMES if invitation else TAKEN_NAMES
    address = invitation.hex if invitation else ""
    if banned_until(policy, address=address, name=customer.hex):
        raise NotAllowed("too-many-attempts-today")
    if is_taken:
        count(policy, address=address, name=customer.hex)
        raise refusal


def record_success(policy: Policy, *, address: str, name: str) -> None:
    """A correct password resets the limits that end with it."""
    for place in _places((limit for limit in policy if limit.ends_with_success), address, name):
        AttemptCounter.objects.filter(_at(place), network=place.network, name_hash=place.name_hash).delete()


def bans(policy: Policy, name: str) -> list[Ban]:
    """Those that keep this name out now, one of each place, the one that lasts longest first."""
    rows = _rows_of(policy, name).filter(banned_until__gt=timezone.now()).order_by("banned_until")
    latest = {row.network: row.banned_until for row in rows if row.banned_until}
    return sorted((Ban(until, network) for network, until in latest.items()), reverse=True)


def bans_of_names(policy: Policy, names: Iterable[str]) -> dict[str, list[Ban]]:
    """As `bans`, of many names: those that are kept out now. The names are not asked for where nobody is."""
    rows = AttemptCounter.objects.filter(limit__in=[limit.name for limit in policy])
    now_banned = rows.filter(banned_until__gt=timezone.now()).values_list("name_hash", "network", "banned_until")
    by_hash: dict[str, dict[str, datetime]] = {}
    by_network: dict[str, datetime] = {}
    for name_hash, network, until in now_banned:
        if until:
            places = by_hash.setdefault(name_hash, {}) if name_hash else by_network
            places[network] = max(until, places.get(network, until))
    tried = rows.filter(network__in=by_network).exclude(name_hash="") if by_network else rows.none()
    for name_hash, network in tried.values_list("name_hash", "network"):
        places = by_hash.setdefault(name_hash, {})
        places[network] = max(by_network[network], places.get(network, by_network[network]))
    hashed = {name: by_hash.get(_hash(name), {}) for name in names} if by_hash else {}
    return {name: [Ban(until, place) for place, until in places.items()] for name, places in hashed.items() if places}


def lift(policy: Policy, name: str) -> int:
    """Forget the attempts under this name, and those of the addresses that tried it. Gives how many counters went."""
    # Looked up first: while rows go, the question which ones belong to them gets another answer.
    rows = list(_rows_of(policy, name).values_list("pk", flat=True))
    return AttemptCounter.objects.filter(pk__in=rows).delete()[0]


def network_of(address: str) -> str:
    """Whose attempts count as those of one address. An IPv6 subscriber has a /64 or more, and any address in it."""
    try:
        found = plain_address(address)
    except ValueError:
        return address[:45]
    return str(ipaddress.ip_network((found, 64), strict=False) if found.version == 6 else found)


def _rows_of(policy: Policy, name: str) -> QuerySet[AttemptCounter]:
    own = AttemptCounter.objects.filter(limit__in=[limit.name for limit in policy], name_hash=_hash(name))
    networks = own.exclude(network="").values("network")
    addresses = [limit.name for limit in policy if limit.by == "address"]
    return AttemptCounter.objects.filter(Q(pk__in=own.values("pk")) | Q(limit__in=addresses, network__in=networks))


def _count(row: AttemptCounter, limit: Limit, now: datetime) -> datetime | None:
    """Until when the ban lasts that begins now, if one does."""
    if row.since <= now - limit.window:
        row.attempts, row.since = 0, now
    row.attempts += 1
    begins = row.attempts >= limit.attempts
    if begins:
        ban = limit.ban if limit.longest_ban is None else min(limit.ban * 2 ** min(row.bans, 10), limit.longest_ban)
        row.attempts, row.since, row.bans, row.banned_until = 0, now, row.bans + 1, now + ban
    row.expires_at = max(row.since + (limit.longest_ban or limit.window), row.banned_until or now)
    return row.banned_until if begins else None


def _new_row(place: _Place, now: datetime) -> AttemptCounter:
    row = AttemptCounter(limit=place.limit.name, slot=place.slot)
    _take_over(row, place, now)
    return row


def _take_over(row: AttemptCounter, place: _Place, now: datetime) -> None:
    """The slot is this subject's from here on; `_count` says until when."""
    row.network, row.name_hash, row.attempts, row.since = place.network, place.name_hash, 0, now
    row.bans, row.banned_until, row.expires_at = 0, None, now + place.limit.window


def _places(limits: Iterable[Limit], address: str, name: str) -> list[_Place]:
    """In the order in which rows are locked: the same for everybody, so that nobody waits in a circle."""
    network, name_hash = network_of(address), _hash(name)
    places = []
    for limit in sorted(limits, key=lambda limit: limit.name):
        of = ("" if limit.by == "name" else network, "" if limit.by == "address" else name_hash)
        subject = "\0".join((limit.name, *of)).encode("utf-8", "surrogatepass")
        digest = salted_hmac("instroom.throttle.slot", subject, algorithm="sha256").digest()
        places.append(_Place(limit, int.from_bytes(digest[:8]) % limit.slots, *of))
    return places


def _hash(name: str) -> str:
    given = name.encode("utf-8", "surrogatepass")
    return salted_hmac("instroom.throttle.name", given, algorithm="sha256").hexdigest()[:32]


def _stored(places: Sequence[_Place], *, lock: bool = False) -> list[tuple[_Place, AttemptCounter]]:
    """What stands at these places, whosever it is: one query by index, however many rows there are."""
    rows = AttemptCounter.objects.filter(reduce(or_, map(_at, places))).order_by("limit")
    by_limit = {row.limit: row for row in (rows.select_for_update() if lock else rows)}
    return [(place, by_limit[place.limit.name]) for place in places if place.limit.name in by_limit]


def _at(place: _Place) -> Q:
    return Q(limit=place.limit.name, slot=place.slot)
