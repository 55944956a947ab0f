"""Webhooks are made, renamed and changed by an operator (product.md E4). Their secret is shown once."""

from collections.abc import Collection
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit, permissions
from instroom.flow.names import hold_names, refuse_bad_name, refuse_renamed
from instroom.flow.news.events import EVENTS
from instroom.flow.webhooks import signing
from instroom.flow.webhooks.destination import destination, shown
from instroom.store.models import Customer, User, Webhook

MOST: Final = 20  # of a customer


class WebhookWithSecret(NamedTuple):
    """A webhook with a new secret."""

    webhook: Webhook
    secret: str
    """What its receiver needs. It is shown now, and never again."""


@transaction.atomic
def add(
    name: str, customer: Customer, *, by: User, address: str, events: Collection[str] = EVENTS
) -> WebhookWithSecret:
    """Make a webhook for these events. Raises NotFound and NotAllowed."""
    permissions.check(by, "configure", customer)
    hold_names(customer)  # two at once cannot both be the last
    _refuse_name(name, customer)
    if Webhook.objects.filter(customer=customer).count() >= MOST:
        raise NotAllowed("too-many-webhooks", most=MOST)
    secret = signing.new_secret()
    webhook = Webhook(customer=customer, name=name, secret=signing.sealed(secret), made_at=timezone.now(), made_by=by)
    _set_fields(webhook, address, events)
    webhook.save()
    audit.note(customer, "webhook-added", by, webhook=name, **_audit_view(webhook))
    return WebhookWithSecret(webhook, secret)


@transaction.atomic
def change(
    webhook: Webhook,
    *,
    by: User,
    name: str | None = None,
    address: str | None = None,
    events: Collection[str] | None = None,
) -> bool:
    """Change what is given, from the next attempt on; whether anything differs. Raises NotFound and NotAllowed."""
    hold_names(webhook.customer)
    held = _hold(webhook, by)
    before = {"name": held.name, **_audit_view(held)}, held.address
    if name is not None and name != held.name:
        refuse_renamed(webhook.name, held.name, name)
        _refuse_name(name, held.customer)
        held.name = name
    _set_fields(held, held.address if address is None else address, held.events if events is None else events)
    after = {"name": held.name, **_audit_view(held)}, held.address  # the audit log omits the query string
    if before != after:
        changed = {name: [old, after[0][name]] for name, old in before[0].items() if old != after[0][name]}
        held.rests_until = None
        held.save()
        audit.note(held.customer, "webhook-changed", by, webhook=before[0]["name"], changed=changed)
    webhook.refresh_from_db()
    return before != after


@transaction.atomic
def pause(webhook: Webhook, *, by: User) -> None:
    """Send nothing from now on. New calls wait, as long as they are news. Raises NotAllowed."""
    held = _hold(webhook, by)
    if held.paused_at is None:
        held.paused_at = timezone.now()
        held.save(update_fields=["paused_at"])
        audit.note(held.customer, "webhook-paused", by, webhook=held.name)
    webhook.refresh_from_db()


@transaction.atomic
def resume(webhook: Webhook, *, by: User) -> None:
    """Send again, what waits first. Raises NotAllowed."""
    held = _hold(webhook, by)
    if held.paused_at is not None:
        held.paused_at, held.gone, held.rests_until = None, False, None
        held.save(update_fields=["paused_at", "gone", "rests_until"])
        audit.note(held.customer, "webhook-resumed", by, webhook=held.name)
    webhook.refresh_from_db()


@transaction.atomic
def remove(webhook: Webhook, *, by: User) -> None:
    """Take it away, with its calls and their log. Raises NotAllowed."""
    held = _hold(webhook, by)
    audit.note(held.customer, "webhook-removed", by, webhook=held.name)
    held.delete()


@transaction.atomic
def renew_secret(webhook: Webhook, *, by: User) -> WebhookWithSecret:
    """Give it another secret. The one before signs beside it for a day, and what came before that no more.

    Raises NotAllowed.
    """
    held = _hold(webhook, by)
    secret = signing.new_secret()
    held.secret, held.old_secret = signing.sealed(secret), held.secret
    held.old_secret_until = timezone.now() + signing.BOTH
    held.save(update_fields=["secret", "old_secret", "old_secret_until"])
    audit.note(held.customer, "webhook-secret-made", by, webhook=held.name)
    webhook.refresh_from_db()
    return WebhookWithSecret(webhook, secret)


def of_customer(customer: Customer) -> list[Webhook]:
    """The webhooks of a customer, by name."""
    return list(Webhook.objects.filter(customer=customer).select_related("customer", "made_by").order_by("name"))


def named(customer: Customer, name: str) -> Webhook:
    """One of them. Raises NotFound."""
    found = Webhook.objects.filter(customer=customer, name=name).select_related("customer", "made_by").first()
    if found is None:
        raise NotFound("no-webhook", customer=customer.name, name=name)
    return found


def _hold(webhook: Webhook, by: User) -> Webhook:
    """The webhook as it is now, for us alone. Raises NotFound and NotAllowed."""
    permissions.check(by, "configure", webhook.customer)
    held = Webhook.objects.select_for_update().filter(pk=webhook.pk).first()
    if held is None:
        raise NotFound("no-webhook", customer=webhook.customer.name, name=webhook.name)
    return held


def _refuse_name(name: str, customer: Customer) -> None:
    refuse_bad_name(name)
    if Webhook.objects.filter(customer=customer, name=name).exists():
        raise NotAllowed("webhook-exists", name=name)


def _set_fields(webhook: Webhook, address: str, events: Collection[str]) -> None:
    destination(address, settings.INSTROOM_WEBHOOK_PRIVATE)
    if not events or set(events) - set(EVENTS):
        raise NotAllowed("webhook-events", events=EVENTS)
    webhook.address, webhook.events = address, [one for one in EVENTS if one in events]


def _audit_view(webhook: Webhook) -> dict[str, Any]:
    """What the audit log says of it."""
    return {"address": shown(webhook.address), "events": list(webhook.events)}
