"""The states of a delivery, and which may follow which (product.md, states of a delivery)."""

from typing import Final

TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    "received": frozenset({"checking", "rejected", "withdrawn", "superseded"}),  # the last three where it waits (E2)
    "checking": frozenset({"training", "rejected", "failed"}),
    "training": frozenset({"awaiting-approval", "imported", "held", "approved", "scheduled", "failed"}),
    "awaiting-approval": frozenset({"approved", "scheduled", "refused", "withdrawn", "superseded"}),
    "held": frozenset({"approved", "scheduled", "refused", "withdrawn", "superseded"}),
    "approved": frozenset({"importing", "withdrawn"}),
    "scheduled": frozenset({"importing", "withdrawn", "superseded"}),
    "importing": frozenset({"imported", "awaiting-approval", "failed"}),
    "imported": frozenset({"undone"}),
    "rejected": frozenset(),
    "failed": frozenset(),
    "refused": frozenset(),
    "withdrawn": frozenset(),
    "superseded": frozenset(),
    "undone": frozenset(),
}

WAITING: Final = ("awaiting-approval", "held", "scheduled")
"""A newer delivery of the same connection takes the place of one in these (D7)."""

FINAL: Final = frozenset(state for state, after in TRANSITIONS.items() if not after)


def may_follow(state: str, after: str) -> bool:
    """Whether a delivery in `state` may go to `after`."""
    return after in TRANSITIONS[state]
