"""One attempt at a step of a delivery: alone in the environment, and counted before it begins.

A step that takes all memory ends its process without a word: what is counted afterwards would never be counted. Of a
file that is no longer what was received, a step is given up at once: nothing is imported from other bytes.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from instroom.flow import audit
from instroom.flow.delivery.garbage_collection import collector_paused
from instroom.flow.delivery.stopwatch import running
from instroom.flow.delivery.transitions import move
from instroom.store.files.sealed_stream import FileChanged
from instroom.store.locks import environment_lock
from instroom.store.models import Delivery, Environment
from instroom.store.states import State

MOST_ATTEMPTS = 5
"""A step that has begun this often without an end is given up, whether it broke or ended its process: the delivery is
`failed`, and what is behind it goes on."""
_log = logging.getLogger(__name__)


@contextmanager
def attempt(delivery: Delivery, environment: Environment, *states: State) -> Iterator[bool]:
    """Hold the environment's lock for a step. Gives False where there is nothing to do: another process took the step
    while we waited (the delivery is in none of `states` any more), or it has been tried too often."""
    with environment_lock(environment.id), collector_paused():
        delivery.refresh_from_db()  # its customer and connection are read once they count, which may be minutes later
        if delivery.state not in states:
            yield False
        elif delivery.attempts >= MOST_ATTEMPTS:
            _give_up(delivery, "attempts", attempts=MOST_ATTEMPTS)
            _log.error("delivery %s is given up: a step has begun %s times and never ended", delivery.pk, MOST_ATTEMPTS)
            yield False
        else:
            Delivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1)
            try:
                with running():
                    yield True
            except FileChanged:
                delivery.refresh_from_db()
                _give_up(delivery, "file-changed", reason="file-changed")
                _log.error("delivery %s is given up: its kept file is not what was received", delivery.pk)
            if delivery.state in states:  # a person was first: nothing was tried
                Delivery.objects.filter(pk=delivery.pk, attempts__gt=0).update(attempts=F("attempts") - 1)


@transaction.atomic
def _give_up(delivery: Delivery, why: str, **facts: Any) -> None:
    move(delivery, State.FAILED, reason=why, finished_at=timezone.now())
    audit.record(delivery, "failed", **facts)
