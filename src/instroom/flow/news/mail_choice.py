"""Which mails of a connection go to whom, and when: at once, or once a day in an overview (product.md E4).

It is the connection's `mails`, which holds what an operator chose otherwise than usual.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from instroom.core.errors import NotAllowed
from instroom.core.schedule import Schedule, next_times
from instroom.store.models import Connection, Customer, Role, User

NEVER_OFF: Final = ("awaiting-approval", "held", "failed")
"""Without a decision a delivery waits for ever, and nobody else knows that it does. A failure is ours, and not to be
seen from the file: an operator who is not told of it believes that the file is in live."""
URGENT: Final = (*NEVER_OFF, "missing", "late", "rejected")
KINDS: Final = (*URGENT, "stale", "superseded", "refused", "checked", "received", "imported")
"""What can be chosen, the most urgent first."""
MAY_BE_OFF: Final = tuple(kind for kind in KINDS if kind not in NEVER_OFF)
GATHERED: Final = ("rejected",)
"""Who tries a file again and again gets one mail, not nine."""
GATHERED_FOR: Final = timedelta(minutes=5)
_KIND_OF: Final = {
    **dict.fromkeys(("live-changed", "unapproved", "approver-left", "undo-awaiting-approval"), "awaiting-approval"),
    **dict.fromkeys(("corrected", "once", "held-erased", "held-fewer", "held-giver-left", "giver-delivered"), "held"),
    **dict.fromkeys(("said-complete", "received-waits", "received-older"), "held"),
    "received-hour": "received",
    **dict.fromkeys(("scheduled", "undo-imported", "imported-unchanged"), "imported"),
    **dict.fromkeys(("withdrawn", "withdrawn-by-other"), "refused"),
}
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class MailChoice(NamedTuple):
    """Names of users and kinds of mails, as `KINDS` has them."""

    people: tuple[str, ...] = ()
    """Who gets them, of those whose role does; none: all of those."""
    off: tuple[str, ...] = ()
    """What is not sent."""
    overview_at: str = ""
    """The time of the daily overview, on the clock of the connection; "": there is none."""
    at_once: tuple[str, ...] = URGENT
    """What does not wait for the overview."""


def chosen_kind(kind: str) -> str:
    """The kind by which a mail is chosen."""
    return _KIND_OF.get(kind, kind)


def mail_choice(connection: Connection) -> MailChoice:
    mails = connection.mails.items()
    chosen: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in mails}
    return MailChoice(**chosen)


def checked_choice(given: Mapping[str, Any], connection: Connection) -> dict[str, Any]:
    """What differs from the usual choice, to be stored. Who was chosen before may stay, also without a role by now.
    Raises NotAllowed."""
    choice, customer = MailChoice(**given), connection.customer
    able = {*mail_choice(connection).people, *(user.username for user in people_to_choose(customer))}
    for name in choice.people:
        if name not in able:
            raise NotAllowed("mails-person", user=name, customer=customer.name)
    if not set(choice.off) <= set(MAY_BE_OFF):
        raise NotAllowed("mails-off", kinds=MAY_BE_OFF, never=NEVER_OFF)
    if not set(choice.at_once) <= set(KINDS):
        raise NotAllowed("mails-at-once", kinds=KINDS)
    if choice.overview_at and not _CLOCK.fullmatch(choice.overview_at):
        raise NotAllowed("policy-time", example="17:00")
    in_order = {
        "people": sorted(set(choice.people)),
        "off": [kind for kind in KINDS if kind in choice.off],
        "overview_at": choice.overview_at,
        "at_once": [kind for kind in KINDS if kind in choice.at_once],
    }
    usual = MailChoice()._asdict()
    return {name: value for name, value in in_order.items() if value != _as_list(usual[name])}


def document(connection: Connection) -> dict[str, Any]:
    """As programs see it: with what is usual where nothing else was chosen."""
    return {name: _as_list(value) for name, value in mail_choice(connection)._asdict().items()}


def people_to_choose(customer: Customer) -> list[User]:
    """Those who have a role that gets mails."""
    roles = Role.objects.filter(customer=customer).exclude(name=Role.READER)
    return list(User.objects.filter(is_active=True, pk__in=roles.values("user")).order_by("username"))


def readers(connection: Connection | None, kind: str, whom: Iterable[User], able: Iterable[User]) -> list[User]:
    """Who gets this mail of those whom it concerns; among them one at least of those who are `able` to do what it asks.

    Where nobody was chosen who can be reached, all are told: a person who has left takes no news with them.
    """
    choice = mail_choice(connection) if connection else MailChoice()
    if chosen_kind(kind) in choice.off:
        return []

    def narrowed(users: list[User]) -> list[User]:
        return [user for user in users if user.username in choice.people and user.email] or users

    return list({user.pk: user for user in [*narrowed(list(whom)), *narrowed(list(able))]}.values())


def held_until(connection: Connection | None, kind: str, now: datetime) -> datetime | None:
    """The time of the overview that this mail waits for, or until when others of its kind are gathered with it; None:
    it goes at once."""
    choice = mail_choice(connection) if connection else MailChoice()
    if not connection or not choice.overview_at or chosen_kind(kind) in choice.at_once:
        return now + GATHERED_FOR if kind in GATHERED else None
    daily = Schedule("daily", (time.fromisoformat(choice.overview_at),))
    return next_times(daily, ZoneInfo(connection.zone), now, 1)[0].at


def _as_list(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
