"""Remembers the browsers in which a user has signed in: there, the failed attempts of others do not keep them out.

A signed cookie proves it. It gives no access, and failures in such a browser are counted apart
(`throttle.KNOWN_DEVICE`).
"""

import secrets
from datetime import timedelta
from typing import Final

from django.core import signing

from instroom.store.models import User

VALID: Final = timedelta(days=90)
MOST_USERS: Final = 10
"""In one browser: those who signed in last."""
_SALT: Final = "instroom.device"


def device_of(cookie: str, name: str) -> str:
    """The id of the browser if the user of that name has signed in there; "" otherwise."""
    known = _read(cookie)
    if known is None:
        return ""
    user = User.objects.filter(username=name).only("pk").first()
    return known[0] if user and user.pk.hex in known else ""


def last_user(cookie: str) -> str:
    """The id of the user who signed in last in this browser; "" where nobody is known to have."""
    return (_read(cookie) or [""])[-1]


def remember(cookie: str, user: User) -> str:
    """The cookie for a browser in which this user has now signed in, too."""
    device, *users = _read(cookie) or [secrets.token_hex(16)]
    others = [one for one in users if one != user.pk.hex][-MOST_USERS + 1 :]
    return signing.dumps([device, *others, user.pk.hex], salt=_SALT)


def _read(cookie: str) -> list[str] | None:
    """The id of the browser, and those of its users."""
    try:
        known: list[str] = signing.loads(cookie, salt=_SALT, max_age=VALID)
    except signing.BadSignature:
        return None
    return known
