"""Who did what (product.md G2). Facts name things and counts, never values of a dossier."""

from typing import Any

from django.utils import timezone

from instroom.store.models import AuditEntry, Delivery, User


def record(delivery: Delivery, action: str, user: User | None = None, **facts: Any) -> None:
    """Write one line of the audit log, in the transaction of what it tells of."""
    AuditEntry.objects.create(
        customer_id=delivery.customer_id, at=timezone.now(), user=user, action=action, delivery=delivery, facts=facts
    )
