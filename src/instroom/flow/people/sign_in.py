"""Signs people in by name, or e-mail address, and password. Failed attempts are throttled (`flow.throttle`).

For users with a second factor this is the first of two steps; `codes` is the other.
"""

from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit, throttle
from instroom.store.models import User

MOST_CHARACTERS = 254
"""Of a name or an e-mail address."""


def by_password(given: str, password: str, address: str) -> User:
    """The user, if the password is correct. `given` is the name or the e-mail address, in any letter case; `address` is
    the client's, such as 192.0.2.7.

    Raises NotAllowed, with the same sentence whether the name or the password is wrong. The password is hashed once,
    also where nobody is meant.
    """
    name = _name_of(given.replace("\0", "").strip()[:MOST_CHARACTERS])
    _refuse_banned(name, address)
    user = authenticate(username=name, password=password)
    if not isinstance(user, User):
        _record_failure(name, address)
        raise NotAllowed("wrong-user-or-password")
    return user


def _name_of(given: str) -> str:
    """The name of the active user who is meant: by name, or else by an e-mail address that no other active user has.
    Otherwise what was given."""
    same = Q(username__iexact=given)
    if "@" in given:
        same |= Q(email__iexact=given)
    found = list(User.objects.filter(same, is_active=True).values_list("username", flat=True))
    by_name = [name for name in found if name.casefold() == given.casefold()]
    if given in by_name:
        return given
    meant = by_name or found
    return meant[0] if len(meant) == 1 else given


def confirm_password(user: User, password: str, address: str) -> None:
    """Ask a signed-in user for the password again. Raises NotAllowed; a failure counts as a failed sign-in."""
    _refuse_banned(user.username, address)
    if not user.check_password(password):
        _record_failure(user.username, address)
        raise NotAllowed("wrong-password")


def signed_in(user: User, address: str) -> None:
    """Record it in the audit log."""
    audit.note(None, "signed-in", user, address=address)


def signed_out(user: User) -> None:
    """Record it in the audit log."""
    audit.note(None, "signed-out", user)


def too_many_attempts(until: datetime) -> NotAllowed:
    """The error for a person who must wait until then."""
    if until > timezone.now() + timedelta(minutes=15):
        return NotAllowed("too-many-attempts-today")
    return NotAllowed("too-many-attempts")


def _refuse_banned(name: str, address: str) -> None:
    if until := throttle.banned_until(throttle.SIGN_IN, address=address, name=name.lower()):
        raise too_many_attempts(until)


@transaction.atomic
def _record_failure(name: str, address: str) -> None:
    throttle.count(throttle.SIGN_IN, address=address, name=name.lower())
    audit.note(None, "sign-in-failed", name=name.lower(), address=address)
