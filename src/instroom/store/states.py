"""The states that the store holds as text: of a delivery, and of a connection (GLOSSARY.md).

Which may follow which, and every group of them, is in `flow.delivery.states`.
"""

from enum import StrEnum


class State(StrEnum):
    """Where a delivery is on its way, in the order of the way."""

    RECEIVED = "received"
    CHECKING = "checking"
    REJECTED = "rejected"
    TRAINING = "training"
    AWAITING_APPROVAL = "awaiting-approval"
    HELD = "held"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    IMPORTING = "importing"
    IMPORTED = "imported"
    FAILED = "failed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    UNDONE = "undone"


class ConnectionState(StrEnum):
    """What became of the latest time of a connection."""

    WAITING = "waiting"
    TAKEN = "taken"
    STALE = "stale"
    LATE = "late"
    MISSING = "missing"
    PAUSED = "paused"  # of a connection alone, never of one of its runs
