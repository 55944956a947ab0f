"""What holds for a customer's deliveries where neither connection nor delivery says otherwise: an operator's to set."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.db import transaction

from instroom.core.errors import NotAllowed
from instroom.core.model import Limits, Policies
from instroom.flow import audit, permissions
from instroom.flow.policies import Approval, of_approval, of_file
from instroom.store.models import Customer

CHOICES: Final = {"blank": ("leave", "clear"), "on_error": ("whole", "skip")}
NUMBERS: Final = {"skip_limit_percent": (0, 100), "quiet_above": (0, Limits().records)}
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Settings(NamedTuple):
    """All that holds for a customer."""

    file: Policies
    approval: Approval


def settings_of(customer: Customer) -> Settings:
    """What the customer's policies say, and else what we do."""
    return Settings(of_file(customer.policies), of_approval(customer.policies))


@transaction.atomic
def save(customer: Customer, by: str, asked: Mapping[str, Any]) -> list[str]:
    """Keep what is asked, of the fields of Policies and Approval, for deliveries from now on. Gives what differs now.

    Raises NotFound and NotAllowed; the latter also for a value that is none.
    """
    user = permissions.person(by, "configure", customer)
    for name, value in asked.items():
        refuse_bad(name, value)
    held = Customer.objects.select_for_update().get(pk=customer.pk)
    before, after = _all(held), _all(held) | dict(asked)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        customer.policies = held.policies | {name: after[name] for name in changed}
        customer.save(update_fields=["policies"])
        audit.note(customer, "settings-changed", user, changed={name: [before[name], after[name]] for name in changed})
    return changed


def _all(customer: Customer) -> dict[str, Any]:
    both = settings_of(customer)
    return {**both.file._asdict(), **both.approval._asdict()}


def refuse_bad(name: str, value: Any) -> None:
    """Raise NotAllowed where a policy of that name cannot have this value."""
    if name in CHOICES:
        good = value in CHOICES[name]
    elif name in NUMBERS:
        least, most = NUMBERS[name]
        good = isinstance(value, int) and least <= value <= most
    elif name in ("quiet_from", "quiet_until"):
        good = bool(_CLOCK.fullmatch(value)) or (name, value) == ("quiet_from", "")  # without quiet hours
    else:
        good = name == "approver_differs" and isinstance(value, bool)
    if not good:
        raise NotAllowed(*_WANTED.get(name, (f"{name} cannot be {value}.", f"{name} kan niet {value} zijn.")))


_WANTED: Final = {
    "skip_limit_percent": ("Write a percentage from 0 to 100.", "Schrijf een percentage van 0 tot en met 100."),
    "quiet_above": (
        f"Write a number of records from 0 to {Limits().records:,}.",
        f"Schrijf een aantal regels van 0 tot en met {Limits().records:,}.".replace(",", "."),
    ),
    "quiet_from": ("Write a time, such as 20:00.", "Schrijf een tijd, zoals 20:00."),
    "quiet_until": ("Write a time, such as 06:00.", "Schrijf een tijd, zoals 06:00."),
}
