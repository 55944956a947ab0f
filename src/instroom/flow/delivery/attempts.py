"""One attempt at a step of a delivery: alone in the environment, and counted when it breaks."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from instroom.flow import audit
from instroom.flow.delivery.garbage_collection import collector_paused
from instroom.flow.delivery.stopwatch import running
from instroom.flow.delivery.transitions import move
from instroom.store.locks import environment_lock
from instroom.store.models import Delivery, Environment
from instroom.store.states import State

MOST_ATTEMPTS = 5
"""A step that breaks this often without an end is given up: the delivery is `failed`, and what is behind it goes on."""


@contextmanager
def attempt(delivery: Delivery, environment: Environment, *states: State) -> Iterator[bool]:
    """Hold the environment's lock for a step. Gives False where there is nothing to do: another process took the step
    while we waited (the delivery is in none of `states` any more), or it has been tried too often."""
    with environment_lock(environment.id), collector_paused():
        delivery.refresh_from_db()
        if delivery.state not in states:
            yield False
        elif delivery.attempts >= MOST_ATTEMPTS:
            with transaction.atomic():
                move(delivery, State.FAILED, reason="attempts", finished_at=timezone.now())
                audit.record(delivery, "failed", attempts=MOST_ATTEMPTS)
            yield False
        else:
            try:
                with running():
                    yield True
            except Exception:
                # Only a step that breaks on its own counts: a process that is killed says nothing about the delivery.
                Delivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1)
                raise
