"""How far a delivery is, as steps on a line."""

from typing import Final, Literal, NamedTuple

from django.utils.translation import gettext as _

from instroom.flow.delivery.states import AT_WORK, ENDS_WITHOUT_CHECK
from instroom.store.models import Delivery
from instroom.store.states import State

StepState = Literal["done", "now", "stopped", "later"]

_STOPPED: Final[StepState] = "stopped"
_REACHED: Final[dict[State, tuple[int, StepState]]] = {
    State.RECEIVED: (0, "now"),
    State.CHECKING: (1, "now"),
    State.REJECTED: (1, "stopped"),
    State.TRAINING: (2, "now"),
    State.AWAITING_APPROVAL: (3, "now"),
    State.HELD: (3, "now"),
    State.REFUSED: (3, "stopped"),
    State.WITHDRAWN: (3, "stopped"),
    State.SUPERSEDED: (3, "stopped"),
    State.APPROVED: (4, "now"),
    State.SCHEDULED: (4, "now"),
    State.IMPORTING: (4, "now"),
    State.IMPORTED: (5, "done"),
    State.UNDONE: (5, "done"),
}


class Step(NamedTuple):
    name: str
    state: StepState


def is_at_work(delivery: Delivery) -> bool:
    """Whether it continues within moments, without a person."""
    return delivery.state in AT_WORK and not delivery.waits_for and not delivery.try_again_at


def steps_of(delivery: Delivery) -> list[Step]:
    """The whole way, with where the delivery is."""
    if delivery.state == State.FAILED:
        is_checked = delivery.verdict or delivery.undoes_id
        reached, state = 4 if delivery.decided_at else 2 if is_checked else 1, _STOPPED
    elif delivery.state in ENDS_WITHOUT_CHECK and not delivery.verdict:  # before its check
        reached, state = 0, _STOPPED
    elif delivery.state == State.SUPERSEDED and not delivery.plans.exists():  # newer ones were first in training
        reached, state = 2, _STOPPED
    else:
        reached, state = _REACHED[State(delivery.state)]
    return [
        Step(name, "done" if place < reached else state if place == reached else "later")
        for place, name in enumerate((_("Received"), _("Checked"), _("In training"), _("Approval"), _("Live")))
    ]
