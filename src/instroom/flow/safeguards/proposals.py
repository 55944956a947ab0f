"""What relaxes a safeguard and waits for a second person: listed, confirmed, refused (product.md D3)."""

import copy
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.core.safeguards import relaxed
from instroom.flow import audit, find, permissions
from instroom.flow.news import safeguard_news
from instroom.flow.safeguards.relaxing import Guarded, put, safeguards_of
from instroom.flow.source_limits import refuse_limited
from instroom.store.models import Connection, Customer, Proposal, User


def waiting(customer: Customer, connection: Connection | None = None) -> list[Proposal]:
    """The proposals that wait, the oldest first; of one connection, if it is given."""
    found = Proposal.objects.filter(customer=customer, state=Proposal.WAITING, connection__removed_at=None)
    if connection:
        found = found.filter(connection=connection)
    return list(found.select_related("customer", "connection", "asked_by").order_by("pk"))


def proposal(customer: Customer, proposal_id: UUID) -> Proposal:
    """A proposal of a customer. Raises NotFound."""
    found = Proposal.objects.filter(customer=customer, pk=proposal_id)
    one = found.select_related("customer", "connection", "asked_by", "decided_by").first()
    if one is None:
        raise NotFound("no-proposal")
    return one


@transaction.atomic
def confirm(proposal: Proposal, *, by: User) -> None:
    """A second person relaxes what was proposed. Raises NotAllowed: for who proposed it, where it does not wait any
    more, and where what it would change is no longer what it says."""
    customer = proposal.customer
    permissions.check(by, "approve", customer)
    refuse_limited(by, "approve", customer)
    one = _held(proposal)
    if one.asked_by_id == by.pk:
        raise NotAllowed("own-proposal")
    if not permissions.rights_of(one.asked_by, customer) >= {"approve", "configure"}:
        raise NotAllowed("proposer-left", user=one.asked_by.username)
    held = _guarded(one)
    before = copy.copy(held)
    put(held, one.settings, by)
    if relaxed(safeguards_of(before), safeguards_of(held)) != one.relaxes:
        raise NotAllowed("proposal-outdated")
    held.save()
    audit.note(customer, "relaxation-confirmed", by, **_end(one, Proposal.CONFIRMED, by))
    safeguard_news.tell("safeguards-confirmed", customer, one.connection, one.relaxes, one.asked_by, by)
    proposal.refresh_from_db()


@transaction.atomic
def refuse(proposal: Proposal, *, by: User) -> None:
    """Somebody who may approve, or who proposed it, ends it. Raises NotAllowed where it does not wait any more."""
    permissions.check(by, "refuse", proposal.customer)
    refuse_limited(by, "refuse", proposal.customer)
    one = _held(proposal)
    audit.note(one.customer, "relaxation-refused", by, **_end(one, Proposal.REFUSED, by))
    safeguard_news.tell("safeguards-refused", one.customer, one.connection, one.relaxes, one.asked_by, by)
    proposal.refresh_from_db()


def document(one: Proposal) -> dict[str, Any]:
    """A proposal as programs see it."""
    return {
        "id": str(one.pk),
        "customer": one.customer.name,
        "connection": one.connection.name if one.connection else None,
        "state": one.state,
        "asked_by": one.asked_by.username,
        "asked_at": one.asked_at.isoformat(),
        "relaxes": [
            {"safeguard": name, "old": _texts(old), "new": _texts(new)} for name, (old, new) in one.relaxes.items()
        ],
    }


def _texts(value: Any) -> list[str]:
    return [str(part).lower() for part in (value if isinstance(value, list) else [value])]


def _held(proposal: Proposal) -> Proposal:
    one = Proposal.objects.select_for_update(of=("self",)).select_related("customer", "asked_by").get(pk=proposal.pk)
    if one.state != Proposal.WAITING:
        raise NotAllowed("proposal-decided")
    return one


def _guarded(one: Proposal) -> Guarded:
    """What it is about, locked."""
    if one.connection:
        return find.hold_connection(one.connection)
    return Customer.objects.select_for_update().get(pk=one.customer_id)


def _end(one: Proposal, state: str, by: User) -> dict[str, Any]:
    """Gives the facts for the audit log."""
    one.state, one.decided_by, one.decided_at = state, by, timezone.now()
    one.save(update_fields=["state", "decided_by", "decided_at"])
    connection = one.connection and one.connection.name
    return {"connection": connection, "of": one.asked_by.username, "changed": one.relaxes}
