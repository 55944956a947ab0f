"""What was decided on a delivery, by whom and when: also what does not stand any more (product.md D3)."""

from typing import Final

from instroom.store.models import AuditEntry, Delivery, User

_APPROVED: Final = ("approved", "rescheduled", "auto-approved")
_DECIDED: Final = (*_APPROVED, "unapproved", "refused", "withdrawn")
_LAPSED: Final = (
    *("live-changed", "approver-left", "standing-ended"),
    *("held-again", "standing-lapsed", "standing-of-maker"),
)
"""An approval stands no more, and nobody took it back."""


def decisions_on(delivery: Delivery) -> list[AuditEntry]:
    """Every decision, the first one first, as lines of the audit log; with them the approvals that came to nothing."""
    entries = AuditEntry.objects.filter(delivery=delivery, action__in=(*_DECIDED, *_LAPSED))
    return list(entries.select_related("user").order_by("number"))


def approver_of(delivery: Delivery) -> User | None:
    """Whose approval stands, or stood until somebody withdrew the delivery; None: nobody's."""
    before = [one for one in decisions_on(delivery) if one.action != "withdrawn"]
    return before[-1].user if before and before[-1].action in _APPROVED else None
