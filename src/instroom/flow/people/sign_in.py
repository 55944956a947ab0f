"""Signs people in by name, or e-mail address, and password. Failed attempts are throttled (`flow.throttle`).

For users with a second factor this is the first of two steps; `codes` is the other.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from instroom.core.errors import NotAllowed
from instroom.flow import audit, throttle
from instroom.flow.people import devices
from instroom.flow.people.hashing import one_hash
from instroom.store.models import Customer, SignInProvider, User

MOST_CHARACTERS: Final = 254
"""Of a name or an e-mail address."""
_log = logging.getLogger("instroom.web")


def by_password(given: str, password: str, address: str, device_cookie: str = "") -> User:
    """The user, if the password is correct. `given` is the name or the e-mail address, in any letter case; `address` is
    the client's, such as 192.0.2.7; `device_cookie` what `devices` has given this browser.

    Raises NotAllowed, with the same sentence whether the name or the password is wrong, and
    another where both are right and passwords are switched off. The password is hashed once, also where nobody is
    meant; Busy where too many are being hashed.
    """
    name = _name_of(given.replace("\0", "").strip()[:MOST_CHARACTERS])
    device = devices.device_of(device_cookie, name) if device_cookie else ""
    _refuse_banned(name, address, device)
    with one_hash():
        user = authenticate(username=name, password=password)
    if not isinstance(user, User):
        _record_failure(name, address, device)
        raise NotAllowed("wrong-user-or-password")
    refuse_switched_off(user)
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


def refuse_switched_off(user: User) -> None:
    """Raise NotAllowed for a user who may use no password."""
    if found := organisations_instead(user):
        raise NotAllowed("password-switched-off", customers=[one.name for one in found])


def organisations_instead(user: User) -> list[Customer]:
    """With which a user must sign in who works for no other customers, by name; none for who may use a password. Who
    runs the site always may: it is the way back in where a provider fails."""
    customers = [] if user.is_superuser else list(Customer.objects.filter(roles__user=user).distinct().order_by("name"))
    off = SignInProvider.objects.filter(customer__in=customers, active=True, passwords=False)
    return customers if off.count() == len(customers) else []


def confirm_password(user: User, password: str, address: str) -> None:
    """Ask a signed-in user for the password again. Raises NotAllowed; a failure counts as a failed sign-in."""
    _refuse_banned(user.username, address)
    with one_hash():
        right = user.check_password(password)
    if not right:
        _record_failure(user.username, address)
        raise NotAllowed("wrong-password")


def hold(user: User) -> User:
    """The user as stored, locked until the transaction of the caller ends. Raises NotAllowed where the password has
    changed since it was confirmed."""
    held = User.objects.select_for_update().get(pk=user.pk)
    if held.password != user.password:
        raise NotAllowed("wrong-password")
    return held


def signed_in(user: User, address: str, provider: str = "") -> None:
    """Record it in the audit log; with the customer whose provider it was, where that has signed the user in."""
    facts: dict[str, Any] = {"provider": provider} if provider else {}
    audit.note(None, "signed-in", user, address=address, **facts)


def signed_out(user: User) -> None:
    """Record it in the audit log."""
    audit.note(None, "signed-out", user)


def too_many_attempts(until: datetime) -> NotAllowed:
    """The error for a person who must wait until then."""
    if until > timezone.now() + timedelta(minutes=15):
        return NotAllowed("too-many-attempts-today")
    return NotAllowed("too-many-attempts")


def _refuse_banned(name: str, address: str, device: str = "") -> None:
    """In a browser in which the user has signed in before, attempts are counted apart from those elsewhere."""
    policy = throttle.KNOWN_DEVICE if device else throttle.SIGN_IN
    if until := throttle.banned_until(policy, address=device or address, name=name.lower()):
        raise too_many_attempts(until)


@transaction.atomic
def _record_failure(name: str, address: str, device: str = "") -> None:
    """The audit log keeps the name of a user, and of an unknown name a keyed hash: people type passwords in that field.
    The log line has no name; fail2ban reads it."""
    policy = throttle.KNOWN_DEVICE if device else throttle.SIGN_IN
    throttle.count(policy, address=device or address, name=name.lower())
    whose: dict[str, Any] = {"name": name.lower()}
    if not User.objects.filter(username__iexact=name).exists():
        hashed = salted_hmac("instroom.sign-in.name", name.lower().encode("utf-8", "surrogatepass"), algorithm="sha256")
        whose = {"whose": hashed.hexdigest()[:16]}
    audit.note(None, "sign-in-failed", address=address, **whose)
    _log.warning("%s: sign-in failed", address, extra={"kind": "sign-in-failed", "address": address})
