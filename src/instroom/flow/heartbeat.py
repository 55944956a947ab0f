"""Signs of life: every process of a site that goes on until it is stopped has a row that says when it last gave one."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from importlib.metadata import version
from threading import Event, Thread
from typing import Final

from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from instroom.config.process import process_name
from instroom.flow.passing_by import is_site_trouble
from instroom.store import tallies
from instroom.store.models import Heartbeat
from instroom.store.troubles import where_of

EVERY: Final = 15.0  # seconds
ALIVE: Final = timedelta(seconds=60)
"""Without a sign of life for so long, a process counts as gone."""
_FORGOTTEN: Final = timedelta(hours=1)  # what was killed stays to be seen for so long
_log = logging.getLogger(__name__)


def living(door: str) -> QuerySet[Heartbeat]:
    """Its processes that gave a sign of life of late."""
    return Heartbeat.objects.filter(door=door, beat_at__gte=Now() - ALIVE)


@contextmanager
def beating(door: str, every: float = EVERY) -> Iterator[None]:
    """Give signs of life meanwhile, and add what this process has counted to the sums of the site."""
    end = Event()
    thread = Thread(target=_beat_until, args=(end, door, every), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(every)


def _beat_until(end: Event, door: str, every: float) -> None:
    while True:
        is_end = end.is_set()
        try:
            if is_end:
                Heartbeat.objects.filter(pk=process_name()).delete()
            else:
                _beat(door)
            tallies.flush()
        except Exception as error:  # the next beat may do
            if not is_site_trouble(error):
                _log.error("no sign of life could be given: %s", where_of(error))
        finally:
            with suppress(DatabaseError):
                connection.close()  # one for each process would stay open for a moment's work
        if is_end:
            return
        end.wait(every)


def _beat(door: str) -> None:
    """The times are the database's, as those that are compared with them."""
    if not Heartbeat.objects.filter(pk=process_name()).update(beat_at=Now()):
        Heartbeat.objects.filter(beat_at__lt=Now() - _FORGOTTEN).delete()
        Heartbeat.objects.create(
            process=process_name(), door=door, version=version("instroom"), began_at=Now(), beat_at=Now()
        )
