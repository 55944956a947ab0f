"""One attempt at a step of a delivery, counted before it begins.

A step that takes all memory ends its process without a word: what is counted afterwards would never be counted. Of a
file that is no longer what was received, a step is given up at once: nothing is imported from other bytes.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import F
from django.utils import timezone

from instroom.flow import audit
from instroom.flow.delivery.garbage_collection import collector_paused
from instroom.flow.delivery.stopwatch import running
from instroom.flow.delivery.transitions import move
from instroom.store.files.sealed_stream import FileChanged
from instroom.store.leases import HeldLease
from instroom.store.models import Delivery
from instroom.store.states import State

MOST_ATTEMPTS = 5
"""A step that has begun this often without an end is given up, whether it broke or ended its process: the delivery is
`failed`, and what is behind it goes on."""
_log = logging.getLogger(__name__)


@contextmanager
def attempt(delivery: Delivery, lease: HeldLease, *states: State) -> Iterator[bool]:
    """Begin a step, under the lease of the customer. Gives False where there is nothing to do: another process took the
    step before (the delivery is in none of `states` any more), or it has been tried too often."""
    delivery.refresh_from_db()
    if delivery.state not in states:
        yield False
    elif delivery.attempts >= MOST_ATTEMPTS:
        _give_up(delivery, lease, "attempts", attempts=MOST_ATTEMPTS)
        _log.error("delivery %s is given up: a step has begun %s times and never ended", delivery.pk, MOST_ATTEMPTS)
        yield False
    else:
        _count(delivery, lease, 1)
        try:
            with collector_paused(), running():
                yield True
        except FileChanged:
            delivery.refresh_from_db()
            _give_up(delivery, lease, "file-changed", reason="file-changed")
            _log.error("delivery %s is given up: its kept file is not what was received", delivery.pk)
        if delivery.state in states:  # a person was first: nothing was tried
            _count(delivery, lease, -1)


def _count(delivery: Delivery, lease: HeldLease, more: int) -> None:
    with lease.transaction():
        Delivery.objects.filter(pk=delivery.pk, state=delivery.state).update(attempts=F("attempts") + more)


def _give_up(delivery: Delivery, lease: HeldLease, why: str, **facts: Any) -> None:
    with lease.transaction():
        move(delivery, State.FAILED, reason=why, finished_at=timezone.now())
        audit.record(delivery, "failed", **facts)
