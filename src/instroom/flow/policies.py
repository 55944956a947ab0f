"""May this happen now? Policies (product.md B6, C3, D3, D4) come from the delivery, or else its connection, or else its
customer, or else from us: the nearest one that says something is right. What holds for an approval is not the
delivery's to say."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.core.model import Limits, Policies
from instroom.core.safeguards import Approval
from instroom.flow.site_clock import moment_on
from instroom.store.models import Connection, Customer, Delivery

CHOICES: Final = {
    "blank": ("leave", "clear"),
    "nothing_words": ("keep", "blank"),
    "on_error": ("whole", "skip"),
}
NUMBERS: Final = {"skip_limit_percent": (0, 100), "quiet_above": (0, Limits().records)}
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def of_file(*policies: Mapping[str, Any]) -> Policies:
    """What a file is read and checked by. Of several, the last one that names a policy is right."""
    return Policies(**_known(Policies._fields, policies))


def of_approval(*policies: Mapping[str, Any]) -> Approval:
    """What an approval has to keep to. Of several, the last one that names a policy is right."""
    return Approval(**_known(Approval._fields, policies))


def refuse_bad_policy(name: str, value: Any) -> None:
    """Raise NotAllowed where a policy of that name cannot have this value."""
    if name in CHOICES:
        good = value in CHOICES[name]
    elif name in NUMBERS:
        least, most = NUMBERS[name]
        good = isinstance(value, int) and least <= value <= most
    elif name in ("quiet_from", "quiet_until"):
        good = bool(_CLOCK.fullmatch(value)) or (name, value) == ("quiet_from", "")  # without quiet hours
    else:
        good = name in ("approver_differs", "unchanged_ends") and isinstance(value, bool)
    if not good:
        raise _expectation(name, value)


def _expectation(name: str, value: Any) -> NotAllowed:
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


def file_policies(customer: Customer, connection: Connection | None, chosen: Mapping[str, Any]) -> Policies:
    """By what a file that comes in is checked; kept with the delivery, so that it is read the same way ever after."""
    return of_file(customer.policies, connection.policies if connection else {}, chosen)


def approval_policies(delivery: Delivery) -> Approval:
    """What holds for the approval of a delivery, as its customer and connection say now: who delivers has no say."""
    file = file_of(delivery)
    return of_approval(delivery.customer.policies, file.connection.policies if file.connection else {})


def file_of(delivery: Delivery) -> Delivery:
    """The delivery of the file that it is about: of an undo the one that it undoes, however many undos are in
    between."""
    while delivery.undoes:
        delivery = delivery.undoes
    return delivery


def quiet_moment(delivery: Delivery, records: int, now: datetime | None = None) -> datetime | None:
    """When live is imported of a plan of so many records, if nobody says otherwise (D4).

    None: at once, since the file is small enough, or it is quiet now.
    """
    rules = approval_policies(delivery)
    if records <= rules.quiet_above or not rules.quiet_from:
        return None
    here = timezone.localtime(now)
    start, end = time.fromisoformat(rules.quiet_from), time.fromisoformat(rules.quiet_until or rules.quiet_from)
    clock = here.time()
    is_quiet = start <= clock < end if start <= end else clock >= start or clock < end
    return None if is_quiet else _next(here, start)


def next_quiet_hour(delivery: Delivery, now: datetime | None = None) -> datetime | None:
    """When the quiet hours begin next; None where there are none."""
    start = approval_policies(delivery).quiet_from
    return _next(timezone.localtime(now), time.fromisoformat(start)) if start else None


def _next(here: datetime, start: time) -> datetime:
    today = moment_on(here.date(), start)
    return today if today > here else moment_on(here.date() + timedelta(days=1), start)


def _known(names: tuple[str, ...], policies: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    return {name: value for one in policies for name, value in one.items() if name in names}
