"""Webhooks are made and changed by an operator (product.md E4). Their secret is shown once, when it is made."""

from collections.abc import Collection
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit, permissions
from instroom.flow.names import refuse_bad_name
from instroom.flow.news.events import EVENTS
from instroom.flow.webhooks import signing
from instroom.flow.webhooks.destination import destination, shown
from instroom.store.models import Customer, User, Webhook

MOST: Final = 20  # of a customer


class Made(NamedTuple):
    """A webhook with a new secret."""

    webhook: Webhook
    secret: str
    """What its receiver needs. It is shown now, and never again."""


@transaction.atomic
def add(name: str, customer: Customer, *, by: User, address: str, events: Collection[str] = EVENTS) -> Made:
    """Make a webhook for these events. Raises NotFound and NotAllowed."""
    permissions.check(by, "configure", customer)
    refuse_bad_name(name)
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)  # two at once cannot both be the last
    names = Webhook.objects.filter(customer=customer).values_list("name", flat=True)
    if name in names:
        raise NotAllowed("webhook-exists", name=name)
    if len(names) >= MOST:
        raise NotAllowed("too-many-webhooks", most=MOST)
    secret = signing.new_secret()
    webhook = Webhook(customer=customer, name=name, secret=signing.kept(secret), made_at=timezone.now(), made_by=by)
    _put(webhook, address, events)
    webhook.save()
    audit.note(customer, "webhook-added", by, webhook=name, **_audit_view(webhook))
    return Made(webhook, secret)


@transaction.atomic
def change(webhook: Webhook, *, by: User, address: str | None = None, events: Collection[str] | None = None) -> bool:
    """Change what is given, from the next attempt on; whether anything differs. Raises NotFound and NotAllowed."""
    held = _hold(webhook, by)
    before = _audit_view(held), held.address
    _put(held, held.address if address is None else address, held.events if events is None else events)
    after = _audit_view(held), held.address  # the audit log omits the query string
    if before != after:
        changed = {name: [old, after[0][name]] for name, old in before[0].items() if old != after[0][name]}
        held.rests_until = None
        held.save()
        audit.note(held.customer, "webhook-changed", by, webhook=held.name, changed=changed)
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
def renew_secret(webhook: Webhook, *, by: User) -> Made:
    """Give it another secret. The one before signs beside it for a day, and what came before that no more.

    Raises NotAllowed.
    """
    held = _hold(webhook, by)
    secret = signing.new_secret()
    held.secret, held.old_secret = signing.kept(secret), held.secret
    held.old_secret_until = timezone.now() + signing.BOTH
    held.save(update_fields=["secret", "old_secret", "old_secret_until"])
    audit.note(held.customer, "webhook-secret-made", by, webhook=held.name)
    webhook.refresh_from_db()
    return Made(webhook, secret)


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
    return held or named(webhook.customer, webhook.name)


def _put(webhook: Webhook, address: str, events: Collection[str]) -> None:
    destination(address, settings.INSTROOM_WEBHOOK_PRIVATE)
    if not events or set(events) - set(EVENTS):
        raise NotAllowed("webhook-events", events=EVENTS)
    webhook.address, webhook.events = address, [one for one in EVENTS if one in events]


def _audit_view(webhook: Webhook) -> dict[str, Any]:
    """What the audit log says of it."""
    return {"address": shown(webhook.address), "events": list(webhook.events)}
