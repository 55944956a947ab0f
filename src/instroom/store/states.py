"""The states of deliveries and connections, stored as text (GLOSSARY.md).

The transitions and the groups of states are in `flow.delivery.states`.
"""

from enum import StrEnum


class State(StrEnum):
    """The state of a delivery; the values are in the order in which a delivery passes them."""

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
    """The state of a connection, or of one of its runs."""

    WAITING = "waiting"
    TAKEN = "taken"
    AWAITING_CORRECTION = "awaiting-correction"  # a file was taken, and nothing good came of it
    STALE = "stale"
    LATE = "late"
    MISSING = "missing"
    PAUSED = "paused"  # only of a connection, never of one of its runs
