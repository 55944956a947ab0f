"""Lets a person in by name and password. Guessing is slowed down: failures are counted in the audit log.

Whoever has a second factor is not in by that: `flow.access.codes` asks it next.
"""

from datetime import timedelta
from typing import Final

from django.contrib.auth import authenticate
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit
from instroom.store.models import AuditEntry, User

WITHIN: Final = timedelta(minutes=15)
MOST_PER_NAME_AND_ADDRESS: Final = 5
MOST_PER_NAME: Final = 20  # from whatever address
MOST_PER_ADDRESS: Final = 50  # under whatever name
_FAILED: Final = "sign-in-failed"


def by_password(name: str, password: str, address: str) -> User:
    """The user of that name, where the password is theirs. `address` is where they come from, such as 192.0.2.7.

    Raises NotAllowed, in the same words whether the name or the password is wrong.
    """
    name = name.strip()[:150]
    if _too_often(name, address):
        raise too_often()
    user = authenticate(username=name, password=password)
    if not isinstance(user, User):
        audit.note(None, _FAILED, name=name.lower(), address=address)
        raise NotAllowed("The name or the password is not right.", "De naam of het wachtwoord klopt niet.")
    return user


def still_knows(user: User, password: str, address: str) -> None:
    """Somebody who is in shows to be who they were. Raises NotAllowed; a failure counts as one of signing in."""
    if _too_often(user.username, address):
        raise too_often()
    if not user.check_password(password):
        audit.note(None, _FAILED, name=user.username.lower(), address=address)
        raise NotAllowed("Your password is not right.", "Uw wachtwoord klopt niet.")


def signed_in(user: User, address: str) -> None:
    """Tell the audit log."""
    audit.note(None, "signed-in", user, address=address)


def signed_out(user: User) -> None:
    """Tell the audit log."""
    audit.note(None, "signed-out", user)


def too_often() -> NotAllowed:
    """What is said to whoever has to wait."""
    return NotAllowed(
        "That went wrong too often. Try again in a quarter of an hour.",
        "Dat is te vaak misgegaan. Probeer het over een kwartier opnieuw.",
    )


def _too_often(name: str, address: str) -> bool:
    recent = AuditEntry.objects.filter(customer=None, action=_FAILED, at__gt=timezone.now() - WITHIN)
    tries = [(one["name"], one["address"]) for one in recent.values_list("facts", flat=True)]
    own = name.lower()
    return (
        tries.count((own, address)) >= MOST_PER_NAME_AND_ADDRESS
        or sum(one == own for one, _ in tries) >= MOST_PER_NAME
        or sum(one == address for _, one in tries) >= MOST_PER_ADDRESS
    )
