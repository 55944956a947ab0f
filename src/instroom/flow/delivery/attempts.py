"""One try of a step of a delivery. What ends its process says nothing any more: that a step has begun is written before
it begins, in a commit of its own.

What breaks a step is the site's trouble, which counts against no delivery and passes, or the delivery's, which is tried
again after a while and at last has failed. Why: docs/adr/0046-three-kinds-of-end.md.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, Final

from django.db import Error
from django.db.models.functions import Now
from django.utils import timezone

from instroom.config.process import process_name
from instroom.config.traces import span
from instroom.flow import audit
from instroom.flow.delivery.broken_off import is_to_blame, name_begun
from instroom.flow.delivery.garbage_collection import collector_paused
from instroom.flow.delivery.states import AT_WORK
from instroom.flow.delivery.stopwatch import running
from instroom.flow.delivery.transitions import NOT_STARTED, SomebodyWasFirst, move
from instroom.store import database_clock, tallies
from instroom.store.leases import HeldLease, LeaseLost
from instroom.store.models import Delivery
from instroom.store.states import State
from instroom.store.troubles import Cause, cause_of, of_the_site, where_of

PAUSES: Final = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""How long after each failure of a delivery it is tried again. After one more it has failed."""
MOST_CRASHES: Final = 3
"""A step that has ended its process this often is not begun again: a person must look."""
_BEGUN: Final = {State.RECEIVED: State.CHECKING, State.APPROVED: State.IMPORTING, State.SCHEDULED: State.IMPORTING}
_log = logging.getLogger(__name__)


@contextmanager
def attempt(delivery: Delivery, lease: HeldLease, *states: State) -> Iterator[bool]:
    """Begin a step, under the lease of the customer. Gives False where there is nothing to do: another process took the
    step before (the delivery is in none of `states` any more), or it has ended too many.

    Raises the site's trouble, and nothing else.
    """
    delivery.refresh_from_db()
    if delivery.state not in states:
        yield False
        return
    if delivery.started_by not in ("", process_name()) and is_to_blame(delivery):
        delivery.crashes += 1
        tallies.add("failures", "crashed")
    if delivery.crashes >= MOST_CRASHES:
        give_up(delivery, lease, Cause("crashed", {}))
        yield False
        return
    _write(delivery, lease, crashes=delivery.crashes, started_at=Now(), started_by=name_begun(), try_again_at=None)
    has_moved = False
    try:
        with collector_paused(), running(), _traced(delivery):
            yield True
        has_moved = delivery.started_at is None
    except SomebodyWasFirst:
        pass  # a person: nothing was tried
    except Exception as error:
        if of_the_site(error):
            raise
        _fails(delivery, lease, error)
    finally:
        if not has_moved:
            with suppress(Error, LeaseLost), lease.transaction():  # else this process still knows that it did not end
                Delivery.objects.filter(pk=delivery.pk, started_by__in=["", process_name()]).update(**NOT_STARTED)


@contextmanager
def _traced(delivery: Delivery) -> Iterator[None]:
    """Its outcome is the state to which the step brings the delivery, or the code of what broke it."""
    step = delivery.state
    with span(f"step {step}", delivery=delivery.pk, customer=delivery.customer_id, step=step) as note:
        try:
            yield
        except Exception as error:
            note(outcome=of_the_site(error) or cause_of(error).code)
            raise
        note(outcome=delivery.state)


def give_up(delivery: Delivery, lease: HeldLease, cause: Cause) -> None:
    """It has failed, and a person must look; what is behind it goes on."""
    with lease.transaction():
        if begun := _BEGUN.get(State(delivery.state)):
            move(delivery, begun)
        tries = {"failures": delivery.failures, "crashes": delivery.crashes}
        move(
            delivery, State.FAILED, reason=cause.code, cause=cause.code, cause_facts=cause.facts,
            finished_at=timezone.now(), **tries,
        )  # fmt: skip
        audit.record(delivery, "failed", reason=cause.code, attempts=sum(tries.values()))
    facts = _facts(delivery, cause.code)
    _log.error("delivery %s of customer %s has failed: %s", delivery.pk, delivery.customer_id, cause.code, extra=facts)


def _fails(delivery: Delivery, lease: HeldLease, error: Exception) -> None:
    delivery.refresh_from_db()
    if delivery.state not in (*AT_WORK, State.SCHEDULED):  # a person was first
        return
    cause, delivery.failures = cause_of(error), delivery.failures + 1
    tallies.add("failures", cause.code)
    _log.error(
        "delivery %s of customer %s: attempt %s failed: %s",
        delivery.pk, delivery.customer_id, delivery.failures, where_of(error), extra=_facts(delivery, cause.code),
    )  # fmt: skip
    if delivery.failures > len(PAUSES):
        give_up(delivery, lease, cause)
        return
    now = database_clock.now()
    _write(
        delivery, lease, failures=delivery.failures, failing_since=delivery.failing_since or now, cause=cause.code,
        cause_facts=cause.facts, try_again_at=now + PAUSES[delivery.failures - 1],
    )  # fmt: skip


def _facts(delivery: Delivery, code: str) -> dict[str, object]:
    """For programs that read the log."""
    return {"delivery": delivery.pk, "customer": delivery.customer_id, "code": code}


def _write(delivery: Delivery, lease: HeldLease, **values: Any) -> None:
    """Nothing, where the delivery has moved on."""
    with lease.transaction():
        Delivery.objects.filter(pk=delivery.pk, state=delivery.state).update(**values)
    for name, value in values.items():
        setattr(delivery, name, value)
