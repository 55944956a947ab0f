"""Whether a delivery is to blame that the process ended or stalled which was at its step.

It is not where something else is known to have ended that: somebody stopped it, its machine went, or the database was
away for so long that the lease passed to another process. What takes all memory or breaks the interpreter ends a
process beside which its machine goes on.
"""

import logging
from datetime import timedelta
from threading import Event
from typing import Final

from django.db import connection
from django.db.models.functions import Now

from instroom.config.process import machine_of, process_name
from instroom.flow import passing_by
from instroom.store.models import Delivery, Heartbeat

_LATELY: Final = timedelta(seconds=30)
"""Processes give a sign of life twice as often, and a lease passes to another after more than that."""
_log = logging.getLogger(__name__)
_told_to_stop = Event()


def name_begun() -> str:
    """Under which process a step is written that begins now; "" where whatever ends it says nothing of the delivery."""
    return "" if _told_to_stop.is_set() else process_name()


def excuse_deliveries() -> None:
    """This process is to stop. It may be killed before its step has ended."""
    _told_to_stop.set()
    Delivery.objects.filter(started_by=process_name()).update(started_by="")


def is_to_blame(delivery: Delivery) -> bool:
    """Asked by the process that takes over its step."""
    facts: dict[str, object] = {"delivery": delivery.pk, "customer": delivery.customer_id}
    by = delivery.started_by
    if not _runs(machine_of(by)) or _database_was_away(delivery):
        _log.warning("delivery %s: its step was broken off with the process %s", delivery.pk, by, extra=facts)
        return False
    facts |= {"code": "crashed"}
    _log.error("delivery %s: its step ended or stalled the process %s", delivery.pk, by, extra=facts)
    return True


def _runs(machine: str) -> bool:
    """Whether a machine has not been started anew, and processes on it give signs of life."""
    alive = Heartbeat.objects.filter(beat_at__gt=Now() - _LATELY).values_list("process", flat=True)
    return machine in {machine_of(one) for one in (process_name(), *alive)}


def _database_was_away(delivery: Delivery) -> bool:
    """Since the step began, or lately as this process has seen."""
    if passing_by.was_met("database"):
        return True
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_postmaster_start_time() > %s", [delivery.started_at])
        return bool(cursor.fetchone()[0])
