"""The safeguards of an approval, and the one judgement whether a change relaxes any of them (product.md D3, D4, E3)."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any, Final, NamedTuple

from instroom.core.plan.guards import NAMES, guard_of

_DAY: Final = 24 * 60
POLICIES: Final[Mapping[str, tuple[str, ...]]] = {
    "approver_differs": ("approver_differs",),
    "quiet_above": ("quiet_above",),
    "quiet_hours": ("quiet_from", "quiet_until"),
}
"""Safeguard → the policies that make it up."""


class Approval(NamedTuple):
    """What an approval has to keep to, and when none is needed. All are keys of a customer's or connection's
    `policies`."""

    approver_differs: bool = False
    """Who delivered may not approve (D3)."""
    quiet_above: int = 2000
    """Records: a larger file waits for the quiet hours (D4)."""
    quiet_from: str = "20:00"
    """On the clock of this site; "" where there are no quiet hours."""
    quiet_until: str = "06:00"
    unchanged_ends: bool = False
    """A file that changes nothing in live is done without an approval. That relaxes nothing: nothing gets to live."""


class Safeguards(NamedTuple):
    """What stands between a delivery and live, of a connection or a customer."""

    approval: Approval
    guards: Mapping[str, Sequence[int]] = {}
    """The guards that differ from the usual ones."""
    standing: bool = False
    """Whether a standing approval is in force."""


def relaxed(before: Safeguards, after: Safeguards) -> dict[str, list[Any]]:
    """The safeguards that are weaker after a change, each with its old and its new value: guards under their own name,
    policies under that of POLICIES, and `standing`. Empty where nothing gets to live that did not before."""
    found: dict[str, list[Any]] = {}
    if after.standing and not before.standing:
        found["standing"] = [False, True]
    old, new = before.approval, after.approval
    if old.approver_differs and not new.approver_differs:
        found["approver_differs"] = [True, False]
    if new.quiet_above > old.quiet_above:
        found["quiet_above"] = [old.quiet_above, new.quiet_above]
    if not _quiet_minutes(new) <= _quiet_minutes(old):
        found["quiet_hours"] = [[old.quiet_from, old.quiet_until], [new.quiet_from, new.quiet_until]]
    for name in NAMES:
        limits, wider = guard_of(name, before.guards), guard_of(name, after.guards)
        if any(most > least for least, most in zip(limits, wider, strict=True)):
            found[name] = [list(limits), list(wider)]
    return found


def _quiet_minutes(approval: Approval) -> frozenset[int]:
    """The minutes of a day in which a large file goes to live at once."""
    if not approval.quiet_from:
        return frozenset(range(_DAY))
    start, end = _minute(approval.quiet_from), _minute(approval.quiet_until or approval.quiet_from)
    return frozenset(range(start, end) if start <= end else [*range(start, _DAY), *range(end)])


def _minute(clock: str) -> int:
    at = time.fromisoformat(clock)
    return 60 * at.hour + at.minute
