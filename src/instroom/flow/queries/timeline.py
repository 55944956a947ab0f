"""What was done with a delivery, by whom and when, and what it waits for: beside the document of the contracts."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from instroom.flow.queries.overview import events
from instroom.store.models import Delivery, User


def timeline(delivery: Delivery) -> dict[str, Any]:
    """For programs. `reason` is a word of ours (`doors.cli.words` has them as `reason-…`) or what a person wrote."""
    return {
        "state": delivery.state,
        "reason": delivery.reason or None,
        "due_at": _moment(delivery.due_at),
        "delivered_by": _name(delivery.delivered_by),
        "decided_by": _name(delivery.decided_by),
        "corrects": str(delivery.corrects_id) if delivery.corrects_id else None,
        "undoes": str(delivery.undoes_id) if delivery.undoes_id else None,
        "events": [{"at": _moment(one.at), "action": one.action, "by": _name(one.user)} for one in events(delivery)],
    }


def _moment(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None


def _name(user: User | None) -> str | None:
    return user.username if user else None
