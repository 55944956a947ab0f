"""How far a delivery is, as steps on a line."""

from typing import Final, Literal, NamedTuple

from django.utils.translation import gettext as _

from instroom.store.models import Delivery

Standing = Literal["done", "now", "stopped", "later"]

_STOPPED: Final[Standing] = "stopped"
_AT_WORK: Final = ("received", "checking", "training", "approved", "importing")
_REACHED: Final[dict[str, tuple[int, Standing]]] = {
    "received": (0, "now"),
    "checking": (1, "now"),
    "rejected": (1, "stopped"),
    "training": (2, "now"),
    "awaiting-approval": (3, "now"),
    "held": (3, "now"),
    "refused": (3, "stopped"),
    "withdrawn": (3, "stopped"),
    "superseded": (3, "stopped"),
    "approved": (4, "now"),
    "scheduled": (4, "now"),
    "importing": (4, "now"),
    "failed": (4, "stopped"),
    "imported": (5, "done"),
    "undone": (5, "done"),
}


class Step(NamedTuple):
    """A step of the way."""

    name: str
    standing: Standing


def is_at_work(delivery: Delivery) -> bool:
    """Whether it goes on by itself within moments."""
    return delivery.state in _AT_WORK and not delivery.waits_for


def steps_of(delivery: Delivery) -> list[Step]:
    """The whole way, with where the delivery is."""
    ended = delivery.state in ("rejected", "withdrawn", "superseded") and not delivery.verdict  # before its check
    reached, standing = (0, _STOPPED) if ended else _REACHED[delivery.state]
    return [
        Step(name, "done" if place < reached else standing if place == reached else "later")
        for place, name in enumerate((_("Received"), _("Checked"), _("In training"), _("Approval"), _("Live")))
    ]
