"""The states of a delivery: which may follow which (product.md, states of a delivery), and every group of them by name.

Nothing else in the code lists states: a new state is placed here, and the tests name each map that lacks it.
"""

from collections.abc import Mapping
from typing import Final

from instroom.store.states import State

TRANSITIONS: Final[Mapping[State, frozenset[State]]] = {
    State.RECEIVED: frozenset({  # the last three only while it waits (E2)
        State.CHECKING, State.REJECTED, State.WITHDRAWN, State.SUPERSEDED,
    }),
    State.CHECKING: frozenset({State.TRAINING, State.REJECTED, State.FAILED}),
    State.REJECTED: frozenset(),
    State.TRAINING: frozenset({
        State.AWAITING_APPROVAL, State.IMPORTED, State.HELD, State.APPROVED, State.SCHEDULED, State.FAILED,
        State.SUPERSEDED,  # where a newer one passed it between two tries
    }),
    State.AWAITING_APPROVAL: frozenset({
        State.APPROVED, State.SCHEDULED, State.REFUSED, State.WITHDRAWN, State.SUPERSEDED,
    }),
    State.HELD: frozenset({State.APPROVED, State.SCHEDULED, State.REFUSED, State.WITHDRAWN, State.SUPERSEDED}),
    State.APPROVED: frozenset({State.IMPORTING, State.WITHDRAWN}),
    State.SCHEDULED: frozenset({  # the first three where an approver changes the approval
        State.APPROVED, State.AWAITING_APPROVAL, State.HELD, State.IMPORTING, State.WITHDRAWN, State.SUPERSEDED,
    }),
    State.IMPORTING: frozenset({State.IMPORTED, State.AWAITING_APPROVAL, State.HELD, State.FAILED}),
    State.IMPORTED: frozenset({State.UNDONE}),
    State.FAILED: frozenset({State.RECEIVED, State.TRAINING}),  # where an operator has it tried again: a file, an undo
    State.REFUSED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.SUPERSEDED: frozenset(),
    State.UNDONE: frozenset({State.IMPORTED}),  # where the undo is itself undone
}  # fmt: skip

FINAL: Final = frozenset(state for state, after in TRANSITIONS.items() if not after)

# What the worker does.
CHECKABLE: Final = (State.RECEIVED, State.CHECKING)
"""The check has not ended."""
RELEASABLE: Final = (State.APPROVED, State.SCHEDULED, State.IMPORTING)
"""Approved, and not imported in live yet."""
AT_WORK: Final = (*CHECKABLE, State.TRAINING, State.APPROVED, State.IMPORTING)
"""The worker continues with these at once; a scheduled one has a time."""
IN_TRAINING: Final = (State.CHECKING, State.TRAINING)
"""Training must not be refreshed in the meantime: the delivery has begun and its import there has not ended."""
TIMED_STEPS: Final = (State.CHECKING, State.TRAINING, State.IMPORTING)
"""The states in which we work, and whose seconds are kept."""
WITHIN_STEP: Final = (State.CHECKING, State.IMPORTING)
"""Entered by a step that goes on."""
WITHIN_TRIES: Final = (State.CHECKING, State.TRAINING, State.IMPORTING)
"""On the way: what failed before still counts, until nothing is left to do but for a person."""

# What people do.
WISHES: Final = (State.APPROVED, State.SCHEDULED, State.REFUSED, State.WITHDRAWN)
"""What a person may want of a delivery, as far as it leads to a state of its own."""
AWAITING_DECISION: Final = (State.AWAITING_APPROVAL, State.HELD)
"""An approver decides."""
UNDECIDED_YET: Final = (*CHECKABLE, State.TRAINING)
"""There is no plan against live to decide on yet."""
REPLACEABLE: Final = (*AWAITING_DECISION, State.SCHEDULED)
"""A newer delivery of the same connection takes the place of one in these (D7)."""
CORRECTABLE: Final = (
    *(State.REJECTED, State.FAILED, State.REFUSED, State.WITHDRAWN, State.SUPERSEDED),
    *REPLACEABLE,
)
"""Not in live and not on the way there: a corrected file may take its place."""
UNDOABLE: Final = (State.IMPORTED, State.REFUSED, State.WITHDRAWN, State.SUPERSEDED)
"""There is something to undo: the import in live, or only the one in training."""
TURNED_DOWN: Final = (State.REFUSED, State.WITHDRAWN)
"""A person has said no."""
WITHOUT_EFFECT: Final = (State.REFUSED, State.WITHDRAWN, State.FAILED, State.UNDONE)
"""An undo that ended so undid nothing, or no longer does: another one may be started."""

# What has ended.
ENDED: Final = tuple(state for state in State if state not in (*AT_WORK, *AWAITING_DECISION, State.SCHEDULED))
"""Nobody and nothing is to go on with it; only an undo may follow, which is a delivery of its own."""
OPEN: Final = tuple(state for state in State if state not in ENDED)
"""Somebody or something is to go on with it."""
ENDED_BADLY: Final = (State.REJECTED, State.REFUSED, State.FAILED)
"""Pages show the reason of these as an error, that of any other state as a warning."""
PLAN_SETTLED: Final = (State.IMPORTED, State.FAILED, State.REFUSED, State.WITHDRAWN, State.SUPERSEDED)
"""No plan waits any more, so none is compared with the one that was approved (D5)."""
NOT_LOOKED_AT: Final = (State.FAILED, State.WITHDRAWN, State.SUPERSEDED)
"""Nothing was decided on the file: it does not count as the last one of its connection."""
NOT_IN_LIVE_BY_ITSELF: Final = (State.FAILED, State.SUPERSEDED, State.SCHEDULED)
"""What was approved automatically and is not in live: for its time, another one may go. A scheduled one makes way."""
ENDS_WITHOUT_CHECK: Final = (State.REJECTED, State.WITHDRAWN, State.SUPERSEDED)
"""States that a file may come to before it is checked."""

UNCHANGED: Final = "nothing-changed"
"""The reason of a delivery that was imported without an approval, as it changed nothing in live."""
APPROVED_OR_BEYOND: Final = (*RELEASABLE, State.IMPORTED)
"""What an approver hopes for."""

# How people look at many.
UNDER_WAY: Final = (*AT_WORK, State.SCHEDULED)
"""On the way, and no person decides."""
LIST_GROUPS: Final[Mapping[str, tuple[State, ...]]] = {
    "waiting": AWAITING_DECISION,
    "under-way": UNDER_WAY,
    "done": (State.IMPORTED, State.UNDONE),
    "not-done": (State.REJECTED, State.REFUSED, State.WITHDRAWN, State.SUPERSEDED, State.FAILED),
}
"""The filters of a list of deliveries, beside TO_CHOOSE."""
TO_CHOOSE: Final = "to-choose"
"""The filter for received files that wait for a person. They are not under way."""
OUTCOMES: Final[Mapping[str, tuple[State, ...]]] = {
    "imported": (State.IMPORTED, State.UNDONE),
    "open": (*AT_WORK, *AWAITING_DECISION, State.SCHEDULED),
    "rejected": (State.REJECTED,),
    "stopped": (State.REFUSED, State.WITHDRAWN, State.SUPERSEDED),
    "failed": (State.FAILED,),
}
"""What has become of a delivery, as the operator's charts show it."""


def may_follow(state: str, after: State) -> bool:
    """Whether a delivery in `state` may go to `after`."""
    return after in TRANSITIONS[State(state)]
