"""Carries deliveries on, one step at a time: customers in turn, and of a customer in order of delivery (product.md D7).

Whatever was killed in the middle of a step is taken up here: the delivery's row says how far it is, and a step commits
its effect together with the next state. Any number of processes do this at once: each takes the customer that was
served longest ago, for one turn, and waits for no other.
"""

from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce, Greatest, Now

from instroom.flow.delivery.examine import examine
from instroom.flow.delivery.refresh import refresh_where_asked
from instroom.flow.delivery.release import release
from instroom.flow.delivery.renewing import renew_where_asked
from instroom.flow.delivery.states import AT_WORK, CHECKABLE, UNDECIDED_YET
from instroom.flow.delivery.train import train
from instroom.flow.passing_by import PassedBy
from instroom.store import database_clock, leases
from instroom.store.leases import HeldLease, held
from instroom.store.models import Customer, Delivery
from instroom.store.sql.turns import customers_in_turn
from instroom.store.states import State

_AT_A_LOOK = 20  # customers: more than there are processes that could be first
_COUNTS_FOR = 0.5  # seconds that a look does: with many customers due it takes as long as a tenth of a turn or more
_passed_by = PassedBy[UUID]("customer")


def advance(customer: Customer) -> bool:
    """Give a customer a turn: take its oldest due delivery one step further, or refresh training where that was asked
    for.

    False: nothing is due, or another process is at it.
    """
    with held(customer.pk) as lease:
        return lease is not None and _turn(customer, lease)


def advance_all(stop: Callable[[], bool] = lambda: False) -> int:
    """Carry on everything that is due, of all customers, until it is time to stop. Gives how many turns were taken.

    A customer whose turn breaks keeps no other one waiting.
    """
    turns = 0
    while not stop():
        done = _give_turns(_due_customers(), stop)
        turns += done
        if not done and not leases.release_gone():
            break
    return turns


def is_due(delivery: Delivery) -> bool:
    """Whether a delivery waits for us, or a step of it is being done."""
    return due().filter(pk=delivery.pk).exists()


def _give_turns(customers: Iterable[Customer], stop: Callable[[], bool]) -> int:
    """One each, for as long as what was found counts. Gives how many had something due after all."""
    end, turns = monotonic() + _COUNTS_FOR, 0
    for customer in customers:
        if turns and (monotonic() > end or stop()):
            break
        with _passed_by.where_it_breaks(customer.pk):
            turns += advance(customer)
    return turns


def _turn(customer: Customer, lease: HeldLease) -> bool:
    if refresh_where_asked(customer, lease) or renew_where_asked(customer):
        return True
    delivery = due().filter(customer=customer).order_by("number").first()
    if delivery is None:
        return False
    if delivery.state in CHECKABLE:
        if examined := examine(delivery, lease):
            train(delivery, lease, examined)
    elif delivery.state == State.TRAINING:
        train(delivery, lease)
    else:
        release(delivery, lease)
    return True


def _due_customers() -> list[Customer]:
    broken = _passed_by.now()
    ids = [one for one in customers_in_turn(AT_WORK, _AT_A_LOOK + len(broken)) if one not in broken]
    found = Customer.objects.in_bulk(ids)
    return [found[one] for one in ids if one in found]


def due() -> QuerySet[Delivery]:
    """What can go on now. For a first failure, which may be over in seconds, those behind it wait on their way into
    training: so they come there in order. After that they pass it, and `train` sees to it that it passes none (D7)."""
    at_work = Q(state__in=AT_WORK, waits_for="") | Q(state=State.SCHEDULED, due_at__lte=database_clock.now())
    later = Q(try_again_at__gt=Now())
    first = Delivery.objects.filter(later, failures=1, customer=OuterRef("customer"), number__lt=OuterRef("number"))
    behind = Q(Exists(first.filter(state__in=UNDECIDED_YET)), state__in=UNDECIDED_YET)
    return Delivery.objects.filter(at_work, customer__move=None).exclude(later).exclude(behind)


def due_since() -> "QuerySet[Any]":
    """What is due, with `since`: when it came to its state, its moment came, or the pause after a failure was over."""
    since = Case(When(state=State.SCHEDULED, then=F("due_at")), default=F("changed_at"))
    return due().annotate(since=Greatest(since, Coalesce("try_again_at", since)))
