"""Until when a file waits: every wait names its moment (product.md E2).

A file that came is not a period that is done. A time that has come stays open while nothing good came of its file, and
a corrected one is then taken as soon as it comes, unless its connection says otherwise.
"""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.utils import timezone

from instroom.core.language import Language
from instroom.core.wording.catalogue import label, state_word
from instroom.store.models import Connection, ConnectionRun, Delivery
from instroom.store.models.connections import AT_ONCE
from instroom.store.states import State

FOR_A_PERSON: Final = ("name", "date")
"""What a received file waits for, where a person has to say whether it is processed."""
NO_FILE_FOR_ITS_TIME: Final = (State.REJECTED, State.REFUSED, State.FAILED, State.WITHDRAWN)
"""A time whose file ended so is late and missing like one without a file, until a corrected one comes."""
NOTHING_GOOD: Final = (*NO_FILE_FOR_ITS_TIME, State.SUPERSEDED, State.UNDONE)
"""Nothing of it is in live or on the way there: another file may still come for its time."""


def look_at_once(connection_id: UUID) -> None:
    """Let the worker attend to a connection in its next round: something may be to be done, other than by the clock.

    Call this last in a transaction: whoever attends to it at the moment is waited for.
    """
    Connection.objects.filter(pk=connection_id).update(look_at=AT_ONCE)


class NextTaking(NamedTuple):
    """When the next file of a connection is taken."""

    at_once: bool
    """As soon as it comes, until the next time."""
    at: datetime | None
    """The next time; None on arrival, and while the connection is paused."""


def nothing_good_came(run: ConnectionRun) -> bool:
    """Whether a file was there at this time, and nothing good came of it. The same file as last time, where that is
    normal, is good."""
    file = run.delivery
    return file is not None and file.state in NOTHING_GOOD and file.reason != "unchanged"


def next_taking(connection: Connection, now: datetime | None = None) -> NextTaking:
    """When a file that comes now is taken."""
    if connection.paused_at:
        return NextTaking(False, None)
    if connection.schedule == "arrival":
        return NextTaking(True, None)
    now = now or timezone.now()
    ahead = connection.runs.filter(due_at__gt=now).order_by("due_at").values_list("due_at", flat=True).first()
    run = connection.runs.filter(due_at__lte=now).select_related("delivery").order_by("-due_at").first()
    return NextTaking(run is not None and run.open and _takes_at_once(connection, run, now), ahead)


def waits_for_person(delivery: Delivery) -> bool:
    return delivery.state == State.RECEIVED and delivery.waits_for in FOR_A_PERSON


def delivery_state_word(delivery: Delivery, lang: Language) -> str:
    """Its state as people read it: a file that waits for a person is not on its way."""
    return label("waits", "person", lang) if waits_for_person(delivery) else state_word(delivery.state, lang)


def waits_until(delivery: Delivery) -> datetime | None:
    """When a file that waits for its hour is taken; None where that is at once, or nobody knows."""
    if delivery.state != State.RECEIVED or delivery.waits_for != "hour" or delivery.connection is None:
        return None
    taking = next_taking(delivery.connection)
    return None if taking.at_once else taking.at


def _takes_at_once(connection: Connection, run: ConnectionRun, now: datetime) -> bool:
    if run.delivery is None:
        grace = (now - run.due_at).total_seconds() <= 60 * connection.late_after
        return connection.on_late == "take" or grace
    return nothing_good_came(run) and connection.on_correction == "take"
