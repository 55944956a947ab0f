"""Of which events webhooks tell, and what a call says: where things stand, in counts, never a value of a dossier (E4).

The form is that of Standard Webhooks 1.0: `type`, `timestamp`, `data`.
"""

import json
from datetime import UTC, datetime
from typing import Any, Final

from django.utils import timezone

from instroom.core.wording.catalogue import find_label
from instroom.flow import delivery_document
from instroom.flow.news import links
from instroom.flow.news.notifications import stays_in_training
from instroom.store.ids import new_id
from instroom.store.models import Connection, ConnectionRun, Delivery, Webhook, WebhookCall
from instroom.store.states import State

EVENTS: Final = (
    *("delivery.received", "delivery.rejected", "delivery.awaiting_approval", "delivery.held"),
    *("delivery.imported", "delivery.refused", "delivery.failed"),
    *("delivery.superseded", "delivery.withdrawn", "delivery.undone"),
    *("connection.late", "connection.missing", "connection.over"),
)
"""What a webhook can be told of."""
_EVENT_OF: Final = {state: f"delivery.{state.replace('-', '_')}" for state in State}
NOT_ANNOUNCED: Final = frozenset({State.CHECKING, State.TRAINING, State.APPROVED, State.SCHEDULED, State.IMPORTING})
"""A program asks for these where it wants to know them."""
PING: Final = "ping"
"""A call that an operator asks for, to try a webhook."""


def announce(delivery: Delivery) -> None:
    """Tell the webhooks of its customer that a delivery has come to its state; in the transaction in which it does."""
    event = _EVENT_OF[State(delivery.state)]
    if event not in EVENTS or stays_in_training(delivery):
        return
    listening = _listening(delivery.customer_id, event)
    if listening:
        ours = find_label("reason", delivery.reason, "en")  # what a person wrote is for people
        data = {
            "customer": delivery.customer.name,
            "delivery": delivery_document.document(delivery),
            "undoes": str(delivery.undoes_id) if delivery.undoes_id else None,
            "one_dossier": delivery.only_dossier is not None,
            "reason": delivery.reason if ours else None,
            "link": links.delivery(delivery),
        }
        for webhook in listening:
            write(webhook, event, data, delivery=delivery)


def announce_run(connection: Connection, run: ConnectionRun, kind: str, which: str) -> None:
    """Tell that the file of a connection is `late`, `missing`, or in after all (`over`); `which` time of that, once."""
    event = f"connection.{kind}"
    for webhook in _listening(connection.customer_id, event):
        about = {"name": connection.name, "file": connection.file_name, "due": moment(run.due_at)}
        data = {"customer": connection.customer.name, "connection": about, "link": links.connection(connection)}
        write(webhook, event, data, once=f"{kind}:{run.pk}:{which}")


def write(
    webhook: Webhook, event: str, data: dict[str, Any], *, delivery: Delivery | None = None, once: str | None = None
) -> WebhookCall:
    """Put a call in the outbox of a webhook. `once` names what may be told but once."""
    now, one = timezone.now(), new_id()
    body = {"type": event, "timestamp": moment(now), "id": str(one), "data": data}
    call = WebhookCall(
        id=one,
        webhook=webhook,
        delivery=delivery,
        event=event,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        once=once,
        made_at=now,
        asked_at=now,
        due_at=now,
    )
    WebhookCall.objects.bulk_create([call], ignore_conflicts=once is not None)
    return call


def moment(at: datetime) -> str:
    """As RFC 3339 has it, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _listening(customer_id: Any, event: str) -> list[Webhook]:
    """The webhooks that listen to this event, paused ones too: their calls wait."""
    return [one for one in Webhook.objects.filter(customer=customer_id).order_by("name") if event in one.events]
