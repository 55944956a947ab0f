"""Webhooks are made and changed by an operator (product.md E4). Their secret is shown once, when it is made."""

from collections.abc import Collection
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit, find, permissions
from instroom.flow.news.events import EVENTS
from instroom.flow.operations.customers import refuse_bad_name
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
def add(name: str, customer: str, *, by: str, address: str, events: Collection[str] = EVENTS) -> Made:
    """Make a webhook that is told of these events. Raises NotFound and NotAllowed."""
    owner = find.customer(customer)
    user = permissions.person(by, "configure", owner)
    refuse_bad_name(name)
    Customer.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two at once cannot both be the last
    names = Webhook.objects.filter(customer=owner).values_list("name", flat=True)
    if name in names:
        raise NotAllowed(f"There is a webhook {name} already.", f"Er is al een webhook {name}.")
    if len(names) >= MOST:
        raise NotAllowed(f"A customer has {MOST} webhooks at most.", f"Een klant heeft ten hoogste {MOST} webhooks.")
    secret = signing.new_secret()
    webhook = Webhook(customer=owner, name=name, secret=signing.kept(secret), made_at=timezone.now(), made_by=user)
    _put(webhook, address, events)
    webhook.save()
    audit.note(owner, "webhook-added", user, webhook=name, **_told(webhook))
    return Made(webhook, secret)


@transaction.atomic
def change(webhook: Webhook, *, by: str, address: str | None = None, events: Collection[str] | None = None) -> bool:
    """Change what is given, from the next attempt on; whether anything differs. Raises NotFound and NotAllowed."""
    user, held = _hold(webhook, by)
    before = _told(held), held.address
    _put(held, held.address if address is None else address, held.events if events is None else events)
    after = _told(held), held.address  # what is told of it is without its query
    if before != after:
        changed = {name: [old, after[0][name]] for name, old in before[0].items() if old != after[0][name]}
        held.rests_until = None
        held.save()
        audit.note(held.customer, "webhook-changed", user, webhook=held.name, changed=changed)
    webhook.refresh_from_db()
    return before != after


@transaction.atomic
def pause(webhook: Webhook, *, by: str) -> None:
    """Send nothing from now on; what is told meanwhile waits, for as long as it is news. Raises NotAllowed."""
    user, held = _hold(webhook, by)
    if held.paused_at is None:
        held.paused_at = timezone.now()
        held.save(update_fields=["paused_at"])
        audit.note(held.customer, "webhook-paused", user, webhook=held.name)
    webhook.refresh_from_db()


@transaction.atomic
def resume(webhook: Webhook, *, by: str) -> None:
    """Send again, what waits first. Raises NotAllowed."""
    user, held = _hold(webhook, by)
    if held.paused_at is not None:
        held.paused_at, held.gone, held.rests_until = None, False, None
        held.save(update_fields=["paused_at", "gone", "rests_until"])
        audit.note(held.customer, "webhook-resumed", user, webhook=held.name)
    webhook.refresh_from_db()


@transaction.atomic
def remove(webhook: Webhook, *, by: str) -> None:
    """Take it away, with its calls and their log. Raises NotAllowed."""
    user, held = _hold(webhook, by)
    audit.note(held.customer, "webhook-removed", user, webhook=held.name)
    held.delete()


@transaction.atomic
def renew_secret(webhook: Webhook, *, by: str) -> Made:
    """Give it another secret. The one before signs beside it for a day, and what came before that no more.

    Raises NotAllowed.
    """
    user, held = _hold(webhook, by)
    secret = signing.new_secret()
    held.secret, held.old_secret = signing.kept(secret), held.secret
    held.old_secret_until = timezone.now() + signing.BOTH
    held.save(update_fields=["secret", "old_secret", "old_secret_until"])
    audit.note(held.customer, "webhook-secret-made", user, webhook=held.name)
    webhook.refresh_from_db()
    return Made(webhook, secret)


def of_customer(customer: Customer) -> list[Webhook]:
    """The webhooks of a customer, by name."""
    return list(Webhook.objects.filter(customer=customer).select_related("customer", "made_by").order_by("name"))


def named(customer: Customer, name: str) -> Webhook:
    """One of them. Raises NotFound."""
    found = Webhook.objects.filter(customer=customer, name=name).select_related("customer", "made_by").first()
    if found is None:
        raise NotFound(f"{customer.name} has no webhook {name}.", f"{customer.name} heeft geen webhook {name}.")
    return found


def _hold(webhook: Webhook, by: str) -> tuple[User, Webhook]:
    """Who may change it, and the webhook as it is now, for us alone. Raises NotFound and NotAllowed."""
    user = permissions.person(by, "configure", webhook.customer)
    held = Webhook.objects.select_for_update().filter(pk=webhook.pk).first()
    return user, held or named(webhook.customer, webhook.name)


def _put(webhook: Webhook, address: str, events: Collection[str]) -> None:
    destination(address, settings.INSTROOM_WEBHOOK_PRIVATE)
    if not events or set(events) - set(EVENTS):
        raise NotAllowed(
            f"Choose at least one event: {', '.join(EVENTS)}.",
            f"Kies ten minste één gebeurtenis: {', '.join(EVENTS)}.",
        )
    webhook.address, webhook.events = address, [one for one in EVENTS if one in events]


def _told(webhook: Webhook) -> dict[str, Any]:
    """As the audit log tells it."""
    return {"address": shown(webhook.address), "events": list(webhook.events)}
