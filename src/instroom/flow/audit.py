"""Who did what (product.md G2). Facts name things and counts, never values of a dossier."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from instroom.flow.acting import program_of
from instroom.store import audit_chain
from instroom.store.models import AuditEntry, AuditHead, Customer, Delivery, User

SIGHTS: Final = ("findings-seen", "plan-seen", "plan-taken", "answer-taken")
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
    audit_chain.write(
        AuditEntry(customer=customer, at=timezone.now(), user=user, action=action, delivery=delivery, facts=facts)
    )


@transaction.atomic
def trim(customer: Customer | None, before: datetime) -> int:
    """Delete the oldest lines of a customer, or those of no customer, from before that moment, and write that they are
    gone. Gives how many."""
    entries = AuditEntry.objects.filter(customer=customer).order_by("number")
    kept = entries.filter(at__gte=before).first()
    last = (entries.filter(number__lt=kept.number) if kept else entries).last()
    if last is None:
        return 0
    facts = {"until": last.number, "hash": last.hash}
    audit_chain.append([AuditEntry(customer=customer, at=timezone.now(), action="audit-trimmed", facts=facts)])
    return audit_chain.delete_until(audit_chain.chain_of(last), last.number)


@transaction.atomic
def delete_all(customer: Customer) -> None:
    """Delete all lines of a customer, which are at another site from now on."""
    audit_chain.set_closed(customer.pk, closed=False)
    head = AuditHead.objects.get(pk=customer.pk)
    facts = {"until": head.number + 1, "hash": head.hash}
    audit_chain.append([AuditEntry(customer=customer, at=timezone.now(), action="audit-trimmed", facts=facts)])
    for until in (head.number, head.number + 1):  # the line that lets the others go goes last
        audit_chain.delete_until(customer.pk, until)
    head.delete()


def anchors() -> list[str]:
    """Where each chain ends, to be kept elsewhere: the name of its customer, or - for the site, its number and hash."""
    names = dict(Customer.objects.values_list("pk", "name")) | {audit_chain.SITE: "-"}
    return [f"{names.get(one.chain, one.chain)}:{one.number}:{one.hash}" for one in AuditHead.objects.order_by("chain")]


def seal_ends() -> None:
    """Seal where each chain ends with the newest of the site's keys, before the one it was sealed with is gone."""
    for chain in AuditHead.objects.values_list("chain", flat=True):
        with transaction.atomic():
            head = AuditHead.objects.select_for_update().get(pk=chain)
            if audit_chain.is_sealed(head.chain, head.number, head.hash, head.seal):
                audit_chain.set_head(head.chain, head.number, head.hash)
