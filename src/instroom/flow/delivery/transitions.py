"""Brings a delivery from one state to the next: one conditional UPDATE, so that of two at once one gets an answer."""

from typing import Any, Final

from instroom.core.errors import NotAllowed
from instroom.core.report.words import state_word
from instroom.flow.delivery.states import may_follow
from instroom.flow.delivery.stopwatch import step_seconds
from instroom.flow.news.events import announce
from instroom.flow.news.notifications import tell
from instroom.store.models import Delivery
from instroom.store.sql.stale_plans import forget

_WISHES: Final = {
    "approved": ("approved", "goedgekeurd"),
    "scheduled": ("approved", "goedgekeurd"),
    "refused": ("refused", "geweigerd"),
    "withdrawn": ("withdrawn", "ingetrokken"),
}
_EARLY: Final = ("received", "checking", "training")
_IS_NOW: Final = {
    "received": ("has not been checked yet", "is nog niet gecontroleerd"),
    "checking": ("is still being checked", "wordt nog gecontroleerd"),
    "training": ("is still being imported in training", "wordt nog in training geïmporteerd"),
    "approved": ("has been approved", "is al goedgekeurd"),
    "scheduled": ("has been approved and scheduled", "is al goedgekeurd en ingepland"),
    "importing": ("is being imported", "wordt al geïmporteerd"),
    "imported": ("has been imported", "is al geïmporteerd"),
    "rejected": ("has been rejected", "is afgekeurd"),
    "failed": ("has failed", "is mislukt"),
    "refused": ("has been refused", "is al geweigerd"),
    "withdrawn": ("has been withdrawn", "is al ingetrokken"),
    "superseded": ("has been superseded by a newer one", "is al vervangen door een nieuwere"),
    "undone": ("has been undone", "is al teruggedraaid"),
}
"""What has become of a delivery, for who wants something else with it."""
_AFTER_WAITING: Final = ("imported", "failed", "refused", "withdrawn", "superseded")  # D5: nothing is compared any more
_WORKING = ("checking", "importing")  # entered within an attempt, which is counted


def move(delivery: Delivery, after: str, **values: Any) -> None:
    """Put the delivery in state `after` and set other columns with it; who is to know of it is told.

    Raises NotAllowed where its state does not lead there, or has changed since it was read.
    """
    before = delivery.state
    if not may_follow(before, after):
        raise not_from(before, after)
    values["state"] = after
    if delivery.waits_for:
        values["waits_for"] = ""
    if after not in _WORKING:
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
    if after in _AFTER_WAITING:
        forget(delivery)
    tell(delivery)
    announce(delivery)


def not_from(before: str, after: str) -> NotAllowed:
    """Why a person's wish for `after` comes too early or too late, as that person says it."""
    wish, is_now = _WISHES.get(after), _IS_NOW.get(before)
    if wish and is_now:
        yet, nog = ("cannot yet", "nog niet") if before in _EARLY else ("can no longer", "niet meer")
        return NotAllowed(
            f"This delivery {is_now[0]} and {yet} be {wish[0]}.",
            f"Deze aanlevering {is_now[1]} en kan {nog} worden {wish[1]}.",
        )
    return NotAllowed(
        f"This delivery is {state_word(before, 'en')}: it cannot become {state_word(after, 'en')} now.",
        f"Deze aanlevering is nu '{state_word(before, 'nl')}' en kan niet '{state_word(after, 'nl')}' worden.",
    )
