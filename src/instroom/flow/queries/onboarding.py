"""How far a new customer is, from its first person to its first approval. Nothing of it is stored: it is seen from what
there is."""

from enum import StrEnum
from typing import Final, NamedTuple

from django.utils import timezone

from instroom.store.models import ApiToken, Connection, Customer, Delivery, FileAccount, Invitation, Role
from instroom.store.states import State


class Step(StrEnum):
    """In the order in which they are taken."""

    CUSTOMER = "customer"
    PEOPLE = "people"
    WAY = "way"
    CONNECTION = "connection"
    FILE = "file"
    APPROVAL = "approval"


class Onboarding(NamedTuple):
    done: frozenset[Step]

    @property
    def complete(self) -> bool:
        """Once something of the customer has reached live, nobody needs to be led any more."""
        return Step.APPROVAL in self.done

    @property
    def left(self) -> list[Step]:
        return [step for step in Step if step not in self.done]


_IN_LIVE: Final = (State.IMPORTED, State.UNDONE)


def onboarding(customer: Customer) -> Onboarding:
    """Which steps have been taken. Who delivers by hand needs no connection, which is seen from the file."""
    deliveries = Delivery.objects.filter(customer=customer, kind=Delivery.FILE)
    if deliveries.filter(state__in=_IN_LIVE).exists():
        return Onboarding(frozenset(Step))
    delivered = deliveries.exists()
    connected = Connection.objects.filter(customer=customer).exists()
    by_program = any(model.objects.filter(customer=customer).exists() for model in (FileAccount, ApiToken))
    taken = {
        Step.CUSTOMER: True,
        Step.PEOPLE: _people(customer),
        Step.WAY: delivered or connected or by_program,
        Step.CONNECTION: delivered or connected,
        Step.FILE: delivered,
    }
    return Onboarding(frozenset(step for step, done in taken.items() if done))


def _people(customer: Customer) -> bool:
    """Whether anybody but its operators has a role, or is invited."""
    invited = Invitation.objects.filter(customer=customer, ended_at=None, expires_at__gt=timezone.now())
    return invited.exists() or Role.objects.filter(customer=customer).exclude(name=Role.OPERATOR).exists()
