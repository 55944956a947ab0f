"""What holds for a customer's deliveries where neither connection nor delivery says otherwise: an operator's to set."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.db import transaction

from instroom.core.errors import NotAllowed
from instroom.core.model import Limits, Policies
from instroom.flow import audit, permissions
from instroom.flow.policies import Approval, of_approval, of_file
from instroom.store.models import Customer, User

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
def save(customer: Customer, asked: Mapping[str, Any], *, by: User) -> list[str]:
    """Keep what is asked, of the fields of Policies and Approval, for deliveries from now on. Gives what differs now.

    Raises NotFound and NotAllowed; the latter also for a value that is none.
    """
    permissions.check(by, "configure", customer)
    for name, value in asked.items():
        refuse_bad(name, value)
    held = Customer.objects.select_for_update().get(pk=customer.pk)
    before, after = _all(held), _all(held) | dict(asked)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        customer.policies = held.policies | {name: after[name] for name in changed}
        customer.save(update_fields=["policies"])
        audit.note(customer, "settings-changed", by, changed={name: [before[name], after[name]] for name in changed})
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
        raise _wanted(name, value)


def _wanted(name: str, value: Any) -> NotAllowed:
    """Says what a policy takes."""
    match name:
        case "skip_limit_percent":
            return NotAllowed("policy-percentage")
        case "quiet_above":
            return NotAllowed("policy-records", most=Limits().records)
        case "quiet_from":
            return NotAllowed("policy-time", example="20:00")
        case "quiet_until":
            return NotAllowed("policy-time", example="06:00")
        case _:
            return NotAllowed("policy-value", name=name, value=value)
