"""Who did what (product.md G2). Facts name things and counts, never values of a dossier."""

from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from instroom.flow.acting import program_of
from instroom.store.models import AuditEntry, Customer, Delivery, User

SIGHTS: Final = ("findings-seen", "plan-seen", "answer-taken")
"""Of a delivery: somebody looked at data of persons. They are no part of what happened to it."""


def record(delivery: Delivery, action: str, user: User | None = None, **facts: Any) -> None:
    """Write one line of the audit log, in the transaction of what it tells of."""
    note(delivery.customer, action, user, delivery, **facts)


def note(
    customer: Customer | None, action: str, user: User | None = None, delivery: Delivery | None = None, **facts: Any
) -> None:
    """As `record`, of what is about no delivery; without a customer, of what a person does for none of them.

    Of what a program does for its user, the program's name and token are among the facts; where these are already those
    of another token, as `by_program` and `by_token`.
    """
    if program := program_of(user):
        by = "by_" if "program" in facts else ""
        facts |= {f"{by}program": program.name, f"{by}token": str(program.pk)}
    AuditEntry.objects.create(
        customer=customer, at=timezone.now(), user=user, action=action, delivery=delivery, facts=facts
    )


def trim(customer: Customer | None, before: datetime) -> int:
    """Delete the lines of a customer, or those of no customer, from before that moment. Gives how many."""
    return AuditEntry.objects.filter(customer=customer, at__lt=before).delete()[0]
