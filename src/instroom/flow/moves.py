"""Brings a delivery from one state to the next: one conditional UPDATE, so that of two at once one gets an answer."""

from typing import Any

from instroom.core.errors import NotAllowed
from instroom.core.report.words import state_word
from instroom.flow.states import may_follow
from instroom.store.models import Delivery

_WORKING = ("checking", "importing")  # entered within an attempt, which is counted


def move(delivery: Delivery, after: str, **values: Any) -> None:
    """Put the delivery in state `after` and set other columns with it.

    Raises NotAllowed where its state does not lead there, or has changed since it was read.
    """
    before = delivery.state
    if not may_follow(before, after):
        raise _not_from(before, after)
    values["state"] = after
    if after not in _WORKING:
        values["attempts"] = 0
    if Delivery.objects.filter(pk=delivery.pk, state=before).update(**values) != 1:
        raise NotAllowed(
            f"Somebody else was first: the delivery is no longer {before}. Look at it again.",
            f"Iemand anders was eerder: de aanlevering is niet meer '{state_word(before, 'nl')}'. Bekijk haar opnieuw.",
        )
    for name, value in values.items():
        setattr(delivery, name, value)


def _not_from(before: str, after: str) -> NotAllowed:
    return NotAllowed(
        f"The delivery is {before}: from there it cannot become {after}.",
        f"De aanlevering is '{state_word(before, 'nl')}': van daar kan ze niet '{state_word(after, 'nl')}' worden.",
    )
