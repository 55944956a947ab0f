"""Brings a delivery from one state to the next: one conditional UPDATE, so that of two at once one gets an answer."""

from typing import Any, Final

from instroom.core.errors import NotAllowed
from instroom.core.report.words import state_word
from instroom.flow.delivery.states import PLAN_SETTLED, UNDECIDED_YET, WITHIN_ATTEMPT, may_follow
from instroom.flow.delivery.stopwatch import step_seconds
from instroom.flow.news.events import announce
from instroom.flow.news.notifications import tell
from instroom.store.models import Delivery
from instroom.store.sql.stale_plans import forget
from instroom.store.states import State

_WISHES: Final = {
    State.APPROVED: ("approved", "goedgekeurd"),
    State.SCHEDULED: ("approved", "goedgekeurd"),
    State.REFUSED: ("refused", "geweigerd"),
    State.WITHDRAWN: ("withdrawn", "ingetrokken"),
}
_IS_NOW: Final = {
    State.RECEIVED: ("has not been checked yet", "is nog niet gecontroleerd"),
    State.CHECKING: ("is still being checked", "wordt nog gecontroleerd"),
    State.TRAINING: ("is still being imported in training", "wordt nog in training geïmporteerd"),
    State.APPROVED: ("has been approved", "is al goedgekeurd"),
    State.SCHEDULED: ("has been approved and scheduled", "is al goedgekeurd en ingepland"),
    State.IMPORTING: ("is being imported", "wordt al geïmporteerd"),
    State.IMPORTED: ("has been imported", "is al geïmporteerd"),
    State.REJECTED: ("has been rejected", "is afgekeurd"),
    State.FAILED: ("has failed", "is mislukt"),
    State.REFUSED: ("has been refused", "is al geweigerd"),
    State.WITHDRAWN: ("has been withdrawn", "is al ingetrokken"),
    State.SUPERSEDED: ("has been superseded by a newer one", "is al vervangen door een nieuwere"),
    State.UNDONE: ("has been undone", "is al teruggedraaid"),
}
"""What has become of a delivery, for who wants something else with it."""


def move(delivery: Delivery, after: State, **values: Any) -> None:
    """Put the delivery in state `after` and set other columns with it; who is to know of it is told.

    Raises NotAllowed where its state does not lead there, or has changed since it was read.
    """
    before = State(delivery.state)
    if not may_follow(before, after):
        raise not_from(before, after)
    values["state"] = after
    if delivery.waits_for:
        values["waits_for"] = ""
    if after not in WITHIN_ATTEMPT:
        values["attempts"] = 0
        if (seconds := step_seconds(delivery, before)) is not None:
            values["step_seconds"] = seconds
    if Delivery.objects.filter(pk=delivery.pk, state=before).update(**values) != 1:
        raise NotAllowed(
            f"Somebody else was first: the delivery is no longer {before}. Look at it again.",
            f"Iemand anders was eerder: de aanlevering is niet meer '{state_word(before, 'nl')}'. Bekijk haar opnieuw.",
        )
    for name, value in values.items():
        setattr(delivery, name, value)
    if after in PLAN_SETTLED:
        forget(delivery)
    tell(delivery)
    announce(delivery)


def not_from(before: State, after: State) -> NotAllowed:
    """Why a person's wish for `after` comes too early or too late, as that person says it."""
    wish, is_now = _WISHES.get(after), _IS_NOW.get(before)
    if wish and is_now:
        yet, nog = ("cannot yet", "nog niet") if before in UNDECIDED_YET else ("can no longer", "niet meer")
        return NotAllowed(
            f"This delivery {is_now[0]} and {yet} be {wish[0]}.",
            f"Deze aanlevering {is_now[1]} en kan {nog} worden {wish[1]}.",
        )
    return NotAllowed(
        f"This delivery is {state_word(before, 'en')}: it cannot become {state_word(after, 'en')} now.",
        f"Deze aanlevering is nu '{state_word(before, 'nl')}' en kan niet '{state_word(after, 'nl')}' worden.",
    )
