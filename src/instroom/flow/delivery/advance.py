"""Carries deliveries on, one step at a time, in order of delivery (product.md D7).

Whatever was killed in the middle of a step is taken up here: the delivery's row says how far it is, and a step commits
its effect together with the next state. Doors call this after each use case, and the worker all the time.
"""

from django.db.models import Q
from django.utils import timezone

from instroom.flow.delivery.examine import examine
from instroom.flow.delivery.refresh import refresh_where_asked
from instroom.flow.delivery.release import release
from instroom.flow.delivery.states import AT_WORK, CHECKABLE
from instroom.flow.delivery.train import train
from instroom.store.models import Customer, Delivery, Environment
from instroom.store.states import State


def advance(customer: Customer) -> bool:
    """Take a customer's oldest due delivery one step further, or refresh training where that was asked for.

    False: nothing is due.
    """
    if refresh_where_asked(customer):
        return True
    delivery = due(customer)
    if delivery is None:
        return False
    if delivery.state in CHECKABLE:
        if examined := examine(delivery):
            train(delivery, examined)
    elif delivery.state == State.TRAINING:
        train(delivery)
    else:
        release(delivery)
    return True


def advance_all() -> int:
    """Carry on everything that is due, of all customers. Gives how many steps were taken."""
    steps = 0
    deliveries = Delivery.objects.filter(_due()).values("customer")
    environments = Environment.objects.filter(refresh_asked_at__isnull=False).values("customer")
    for customer in Customer.objects.filter(Q(pk__in=deliveries) | Q(pk__in=environments)):
        while advance(customer):
            steps += 1
    return steps


def due(customer: Customer) -> Delivery | None:
    """The oldest delivery of a customer that waits for us and not for a person."""
    return customer.deliveries.filter(_due()).order_by("pk").first()


def _due() -> Q:
    now = Q(state__in=AT_WORK, waits_for="")
    return now | Q(state=State.SCHEDULED, due_at__lte=timezone.now())
