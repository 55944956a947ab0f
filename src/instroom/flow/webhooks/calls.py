"""The calls of a webhook: looked at, sent again by hand, and tried with a call of no event (product.md E4)."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit, permissions, throttle
from instroom.flow.news import events, links
from instroom.flow.paging import Page, bounds
from instroom.flow.webhooks.destination import shown
from instroom.store.models import User, Webhook, WebhookCall

STATES: Final = ("ready", "failing", "paused", "gone")
_ON_A_PAGE: Final = 50


class WebhookStatus(NamedTuple):
    """A webhook as it is now."""

    webhook: Webhook
    state: str
    """One of STATES: `failing` while a call waits that did not arrive at first, `gone` where its receiver said so."""
    waiting: int
    """How many calls are not delivered yet."""
    given_up: int
    """How many are tried no more; of the last thirty days, as all that is kept."""


def webhook_status(webhook: Webhook) -> WebhookStatus:
    """How a webhook is at this moment."""
    waits = Q(delivered_at=None, given_up_at=None)
    counted = webhook.calls.aggregate(
        waiting=Count("pk", filter=waits),
        failing=Count("pk", filter=waits & Q(attempts__gt=0)),
        given_up=Count("pk", filter=Q(given_up_at__isnull=False)),
    )
    state = "failing" if counted["failing"] else "ready"
    if webhook.paused_at:
        state = "gone" if webhook.gone else "paused"
    return WebhookStatus(webhook, state, counted["waiting"], counted["given_up"])


def page_of_calls(webhook: Webhook, number: int = 1) -> Page[WebhookCall]:
    """A page of its calls, the newest first, with the delivery of each."""
    found = _calls_of(webhook)
    total = found.count()
    number, pages, part = bounds(number, total, _ON_A_PAGE)
    return Page(list(found.select_related("delivery")[part]), number, pages, total)


def calls_before(webhook: Webhook, before: UUID | None, count: int) -> list[WebhookCall]:
    """Its newest calls that are older than the one with the id `before`, each with its attempts at hand."""
    found = _calls_of(webhook).filter(pk__lt=before) if before else _calls_of(webhook)
    return list(found.prefetch_related("log")[:count])


def call_of(webhook: Webhook, call_id: UUID) -> WebhookCall:
    """One of its calls. Raises NotFound."""
    found = _calls_of(webhook).filter(pk=call_id).select_related("delivery", "webhook__customer").first()
    if found is None:
        raise NotFound("no-call", webhook=webhook.name, call=call_id)
    return found


@transaction.atomic
def send_again(call: WebhookCall, *, by: User) -> None:
    """Send a call once more, with the same id, and all its attempts before it. Raises NotAllowed while it is paused,
    and TooOften."""
    webhook = call.webhook
    permissions.check(by, "configure", webhook.customer)
    _refuse_paused_or_too_often(webhook)
    now = timezone.now()
    WebhookCall.objects.filter(pk=call.pk).update(
        delivered_at=None, given_up_at=None, attempts=0, asked_at=now, due_at=now
    )
    Webhook.objects.filter(pk=webhook.pk).update(rests_until=None)
    audit.note(webhook.customer, "webhook-call-repeated", by, webhook=webhook.name, call=str(call.pk))
    call.refresh_from_db()


@transaction.atomic
def try_out(webhook: Webhook, *, by: User) -> WebhookCall:
    """Send a call that tells of nothing, to try whether it arrives. Raises NotAllowed while it is paused, and
    TooOften."""
    permissions.check(by, "configure", webhook.customer)
    _refuse_paused_or_too_often(webhook)
    data = {"customer": webhook.customer.name, "webhook": webhook.name, "link": links.webhook(webhook)}
    call = events.write(webhook, events.PING, data)
    Webhook.objects.filter(pk=webhook.pk).update(rests_until=None)
    audit.note(webhook.customer, "webhook-tested", by, webhook=webhook.name, call=str(call.pk))
    return call


def document(status: WebhookStatus) -> dict[str, Any]:
    """A webhook as programs see it; never its secret."""
    one = status.webhook
    return {
        "name": one.name,
        "customer": one.customer.name,
        "address": shown(one.address),
        "events": one.events,
        "state": status.state,
        "waiting": status.waiting,
        "given_up": status.given_up,
        "made_at": _moment(one.made_at),
        "paused_at": _moment(one.paused_at),
        "old_secret_until": _moment(one.old_secret_until),
    }


def call_document(call: WebhookCall) -> dict[str, Any]:
    """A call as programs see it, with the log of its attempts, the first one first."""
    state = state_of(call)
    return {
        "id": str(call.pk),
        "event": call.event,
        "state": state,
        "delivery": str(call.delivery_id) if call.delivery_id else None,
        "made_at": _moment(call.made_at),
        "next_attempt_at": _moment(call.due_at) if state == "waiting" else None,
        "delivered_at": _moment(call.delivered_at),
        "attempts": [
            {
                "at": _moment(one.at),
                "status": one.status,
                "failure": one.failure or None,
                "milliseconds": one.milliseconds,
            }
            for one in sorted(call.log.all(), key=lambda one: one.pk)
        ],
    }


def state_of(call: WebhookCall) -> str:
    """What has become of a call: waiting, delivered or given-up."""
    return "delivered" if call.delivered_at else "given-up" if call.given_up_at else "waiting"


def _calls_of(webhook: Webhook) -> QuerySet[WebhookCall]:
    return WebhookCall.objects.filter(webhook=webhook).order_by("-pk")


def _refuse_paused_or_too_often(webhook: Webhook) -> None:
    if not Webhook.objects.filter(pk=webhook.pk, paused_at=None).exists():
        raise NotAllowed("webhook-paused")
    throttle.refuse_too_often(throttle.WEBHOOK_CALLS, "webhook-calls-too-often", str(webhook.customer_id))


def _moment(at: datetime | None) -> str | None:
    return events.moment(at) if at else None
