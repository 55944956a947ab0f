"""The web sessions of a user: lists them and ends them."""

import ipaddress
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.utils import timezone

from instroom.config.listening import plain_address
from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit
from instroom.store.models import User, WebSession
from instroom.store.sessions import SessionStore

BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("SamsungBrowser/", "Samsung Internet"),
    ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("FxiOS/", "Firefox"), ("Safari/", "Safari"),
)  # fmt: skip
"""What a User-Agent has in it, and the family of the browser. The first match counts: most also name others."""
JUST_BEGUN: Final = timedelta(minutes=10)
"""Signing in so long ago does in the place of a password, for who has none here."""
_WHERE: Final = "where"


class OpenSession(NamedTuple):
    """A session that has not ended."""

    id: str
    """For ending it. It gives no access."""
    begun_at: datetime
    seen_at: datetime
    browser: str
    """Its family; "" if it is not in BROWSERS."""
    network: str
    """The first half of the address, such as 192.0.2.x."""


def describe(user_agent: str, address: str) -> dict[str, Any]:
    """What a session keeps about the browser and the network in which it began."""
    browser = next((family for mark, family in BROWSERS if mark in user_agent), "")
    return {_WHERE: {"browser": browser, "network": _shortened(address)}}


def sessions_of(user: User) -> list[OpenSession]:
    """The open sessions of a user, the one last seen first."""
    rows = WebSession.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-seen_at")
    found = [(row, SessionStore().decode(row.session_data).get(_WHERE, {})) for row in rows]
    return [
        OpenSession(row.pk, row.begun_at, row.seen_at, where.get("browser", ""), where.get("network", ""))
        for row, where in found
    ]


@transaction.atomic
def end(user: User, session_id: str, *, by: User) -> None:
    """End a session of a user. Raises NotFound where it has ended."""
    if not WebSession.objects.filter(user=user, pk=session_id).delete()[0]:
        raise NotFound("no-session")
    audit.note(None, "session-ended", by, of=user.username)


def refuse_long_begun(session_id: str) -> None:
    """Raise NotAllowed where the session began more than JUST_BEGUN ago."""
    if not WebSession.objects.filter(pk=session_id, begun_at__gt=timezone.now() - JUST_BEGUN).exists():
        raise NotAllowed("sign-in-again")


def end_all(user: User) -> int:
    """End all sessions of a user, in a transaction of the caller. Gives how many there were."""
    return WebSession.objects.filter(user=user).delete()[0]


def _shortened(address: str) -> str:
    try:
        found = plain_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return f"{str(found).rpartition('.')[0]}.x"
    return str(ipaddress.ip_network((found, 48), strict=False))
