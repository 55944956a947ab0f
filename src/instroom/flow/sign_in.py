"""Lets a person in by name and password. Guessing is slowed down: failures are counted in the audit log."""

from datetime import timedelta
from typing import Final

from django.contrib.auth import authenticate
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.store.models import AuditEntry, User

WITHIN: Final = timedelta(minutes=15)
MOST_PER_NAME_AND_ADDRESS: Final = 5
MOST_PER_NAME: Final = 20  # from whatever address
MOST_PER_ADDRESS: Final = 50  # under whatever name
_FAILED: Final = "sign-in-failed"


def sign_in(name: str, password: str, address: str) -> User:
    """The user of that name, where the password is theirs. `address` is where they come from, such as 192.0.2.7.

    Raises NotAllowed, in the same words whether the name or the password is wrong.
    """
    name = name.strip()[:150]
    if _too_often(name, address):
        raise NotAllowed(
            "That went wrong too often. Try again in a quarter of an hour.",
            "Dat is te vaak misgegaan. Probeer het over een kwartier opnieuw.",
        )
    user = authenticate(username=name, password=password)
    if not isinstance(user, User):
        _note(_FAILED, None, {"name": name.lower(), "address": address})
        raise NotAllowed("The name or the password is not right.", "De naam of het wachtwoord klopt niet.")
    _note("signed-in", user, {"address": address})
    return user


def signed_out(user: User) -> None:
    """Tell the audit log."""
    _note("signed-out", user, {})


def _too_often(name: str, address: str) -> bool:
    recent = AuditEntry.objects.filter(customer=None, action=_FAILED, at__gt=timezone.now() - WITHIN)
    tries = [(one["name"], one["address"]) for one in recent.values_list("facts", flat=True)]
    own = name.lower()
    return (
        tries.count((own, address)) >= MOST_PER_NAME_AND_ADDRESS
        or sum(one == own for one, _ in tries) >= MOST_PER_NAME
        or sum(one == address for _, one in tries) >= MOST_PER_ADDRESS
    )


def _note(action: str, user: User | None, facts: dict[str, str]) -> None:
    AuditEntry.objects.create(at=timezone.now(), user=user, action=action, facts=facts)
