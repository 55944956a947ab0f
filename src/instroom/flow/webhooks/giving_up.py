"""When a call, or a webhook, is given up; its operators get a mail of it, once a day at most (product.md E4)."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from instroom.flow import audit
from instroom.flow.news import links, outbox
from instroom.flow.news.notifications import people_with
from instroom.flow.webhooks.destination import masked
from instroom.store.models import Role, Webhook, WebhookCall


@transaction.atomic
def give_up(webhook: Webhook, ours: QuerySet[WebhookCall], now: datetime) -> None:
    """Try a call no more; it can be sent again by hand."""
    if ours.update(given_up_at=now):
        _tell(webhook, "webhook-given-up", now)


@transaction.atomic
def stop(webhook: Webhook, ours: QuerySet[WebhookCall], now: datetime) -> None:
    """The receiver said that it is gone for good (410): send nothing more until somebody resumes it."""
    ours.update(given_up_at=now)
    if Webhook.objects.filter(pk=webhook.pk, paused_at=None).update(paused_at=now, gone=True):
        audit.note(webhook.customer, "webhook-gone", None, webhook=webhook.name)
        _tell(webhook, "webhook-gone", now)


def _tell(webhook: Webhook, kind: str, now: datetime) -> None:
    for user in people_with(webhook.customer, Role.OPERATOR):
        facts = {
            "webhook": webhook.name,
            "customer": webhook.customer.title,
            "address": masked(webhook.address),
            "link": links.webhook(webhook),
        }
        once = f"{kind}:{webhook.pk}:{timezone.localdate(now)}:{user.pk}"
        outbox.write(kind, user, user.language, facts, customer=webhook.customer, once=once)
