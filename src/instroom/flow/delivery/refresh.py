"""Makes training equal to live (product.md D2): at once, or asked for, and done by the worker."""

import logging
from contextlib import suppress
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit, find, permissions
from instroom.flow.delivery.attempts import MOST_CRASHES
from instroom.flow.delivery.states import IN_TRAINING
from instroom.store.leases import HeldLease, held_or_refused
from instroom.store.models import AuditEntry, Customer, Delivery, Environment, Plan, User
from instroom.store.sql import copying
from instroom.store.troubles import of_the_site

_log = logging.getLogger(__name__)
_PATIENCE = 60.0  # seconds that a command waits for steps under way
_LATELY = timedelta(days=30)  # a log is long: further back nobody looks for what came of it


def refresh_training(customer: Customer, *, by: User) -> dict[str, int]:
    """Replace training's dossiers by copies of live's, and make their counts known.

    What was imported in training only is gone from it, so those imports can no longer be undone there. Raises NotFound
    and NotAllowed, also while a delivery is on its way through training.
    """
    permissions.check(by, "refresh", customer)
    training, live = find.environments(customer)
    with held_or_refused(customer.pk, _PATIENCE) as lease:
        if busy := _busy(customer):
            raise NotAllowed("refresh-too-early", delivery=busy.pk, state=busy.state)
        return _copy(training, live, by, lease)


@transaction.atomic
def ask_refresh(customer: Customer, *, by: User) -> None:
    """Have training refreshed as soon as no delivery is on its way through it. A large one takes minutes, so nobody
    waits for it; one that is killed is done again.

    Raises NotFound, and NotAllowed also where it has been asked for already.
    """
    permissions.check(by, "refresh", customer)
    asked = Environment.objects.filter(customer=customer, name=Environment.TRAINING, refresh_asked_at=None)
    if asked.update(refresh_asked_at=timezone.now(), refresh_asked_by=by, refresh_attempts=0) != 1:
        raise NotAllowed("refresh-under-way")
    audit.note(customer, "refresh-asked", by)


def latest_refresh(customer: Customer) -> AuditEntry | None:
    """What came of the last one, `training-refreshed` or `refresh-failed`; None: there was none lately."""
    lately = AuditEntry.objects.filter(customer=customer, at__gte=timezone.now() - _LATELY)
    ended = lately.filter(action__in=("training-refreshed", "refresh-failed"))
    return ended.select_related("user").order_by("-number").first()


def refresh_where_asked(customer: Customer, lease: HeldLease) -> bool:
    """Do what was asked for. False: nothing was, or a delivery is on its way through training and goes first."""
    training, live = find.environments(customer)
    user = training.refresh_asked_by
    if user is None or _busy(customer):
        return False
    if "refresh" not in permissions.allowed(user, customer):  # any more
        _give_up(training, user)
        return True
    if training.refresh_attempts >= MOST_CRASHES:  # each ended its process
        facts = {"customer": customer.pk}
        _log.error("the refresh of training of customer %s is given up: it never ended", customer.pk, extra=facts)
        _give_up(training, user)
        return True
    Environment.objects.filter(pk=training.pk).update(refresh_attempts=training.refresh_attempts + 1)
    try:
        _copy(training, live, user, lease)
    except Exception as error:
        if of_the_site(error):
            with suppress(DatabaseError):
                Environment.objects.filter(pk=training.pk).update(refresh_attempts=training.refresh_attempts)
        else:
            _give_up(training, user)  # it would break again: deliveries do not wait for it
        raise
    return True


@transaction.atomic
def _give_up(training: Environment, user: User) -> None:
    """Who asked reads so on the page."""
    Environment.objects.filter(pk=training.pk).update(refresh_asked_at=None, refresh_asked_by=None)
    audit.note(training.customer, "refresh-failed", user)


def _copy(training: Environment, live: Environment, user: User, lease: HeldLease) -> dict[str, int]:
    """One transaction, so that training is whole whatever is killed."""
    with lease.transaction():
        counts = copying.copy_dossiers(live.id.hex, training.id.hex)
        _say_what_training_holds(training, live)
        Environment.objects.filter(pk=training.pk).update(refresh_asked_at=None, refresh_asked_by=None)
        audit.note(training.customer, "training-refreshed", user, counts=counts)
    return counts


def _say_what_training_holds(training: Environment, live: Environment) -> None:
    """What live holds at this moment, training now holds too, and nothing else: what comes to live later does not."""
    in_live = Plan.objects.filter(environment=live, state=Plan.IMPORTED).values("delivery")
    plans = Plan.objects.filter(environment=training)
    plans.filter(state__in=(Plan.IMPORTED, Plan.COPIED)).exclude(delivery__in=in_live).update(state=Plan.REFRESHED)
    plans.exclude(state=Plan.PLANNED).filter(delivery__in=in_live).update(state=Plan.COPIED)


def _busy(customer: Customer) -> Delivery | None:
    """What waits for another try comes after it: that may take an hour."""
    on_its_way = Delivery.objects.filter(customer=customer, state__in=IN_TRAINING)
    return on_its_way.exclude(try_again_at__gt=Now()).first()
