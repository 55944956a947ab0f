"""What was done with a delivery, by whom and when, and what it waits for: beside the document of the contracts."""

from typing import Any

from instroom.flow.delivery.reports import not_made
from instroom.flow.queries.overview import events
from instroom.flow.site_clock import iso_moment
from instroom.flow.waits import waits_until
from instroom.store.models import Delivery, User


def timeline(delivery: Delivery) -> dict[str, Any]:
    """For programs. `reason` is a code of ours (`core.wording` has its labels) or what a person wrote."""
    return {
        "state": delivery.state,
        "reason": delivery.reason or None,
        "due_at": iso_moment(delivery.due_at),
        "waits_until": iso_moment(waits_until(delivery)),
        "delivered_by": _user_name(delivery.delivered_by),
        "decided_by": _user_name(delivery.decided_by),
        "corrects": str(delivery.corrects_id) if delivery.corrects_id else None,
        "undoes": str(delivery.undoes_id) if delivery.undoes_id else None,
        "one_dossier": delivery.only_dossier is not None,
        "exceeded": delivery.exceeded,
        "reports": [
            {
                "kind": one.kind,
                "format": one.suffix.removeprefix("."),
                "language": one.language or None,
                "state": "given-up" if one.given_up_at else "being-made",
            }
            for one in not_made(delivery)
        ],
        "events": [
            {"at": iso_moment(one.at), "action": one.action, "by": _user_name(one.user)} for one in events(delivery)
        ],
    }


def _user_name(user: User | None) -> str | None:
    return user.username if user else None
