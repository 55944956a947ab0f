"""Who keeps this process waiting for a lock of PostgreSQL, seen by another session while it waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread
from typing import Final, NamedTuple

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from instroom.config.process import process_name
from instroom.core.errors import InstroomError
from instroom.core.language import Language

_EVERY: Final = 0.1  # seconds between two looks
_MOST: Final = 5  # that are told
_HOLDERS: Final = """
    SELECT DISTINCT blocking.pid, holder.application_name, holder.xact_start
    FROM pg_stat_activity AS ours, unnest(pg_blocking_pids(ours.pid)) AS blocking (pid)
        LEFT JOIN pg_stat_activity AS holder USING (pid)
    WHERE ours.application_name = %s AND ours.datname = current_database() AND ours.wait_event_type = 'Lock'
    ORDER BY holder.xact_start LIMIT %s
"""


class Holder(NamedTuple):
    """A session that holds what we wait for. Of its query nothing is told: that may hold values of persons."""

    pid: int
    """0 for a transaction that is prepared, and has no session."""
    name: str
    """Its application_name."""
    since: datetime | None
    """When its transaction began; None where our role may not see that."""

    def sentence(self, lang: Language) -> str:
        """To be put in a sentence of an error."""
        name = self.name or "?"
        if self.since is None:
            return InstroomError("tables-holder", pid=self.pid, name=name).sentence(lang)
        since = timezone.localtime(self.since)
        return InstroomError("tables-holder-since", pid=self.pid, name=name, since=since).sentence(lang)


@contextmanager
def holders_seen(found: list[Holder]) -> Iterator[None]:
    """Fill `found`, again and again, with whom this process waits for, as far as it waits."""
    if connection.vendor != "postgresql":
        yield
        return
    end = Event()
    looking = Thread(target=_look_until, args=(end, found), name="holders", daemon=True)
    looking.start()
    try:
        yield
    finally:
        end.set()
        looking.join()


def _look_until(end: Event, found: list[Holder]) -> None:
    try:
        while not end.wait(_EVERY):
            with connection.cursor() as cursor:
                cursor.execute(_HOLDERS, [process_name(), _MOST])
                if seen := [Holder(pid, name or "", since) for pid, name, since in cursor.fetchall()]:
                    found[:] = seen
    except (OperationalError, InterfaceError):  # what waits will tell that the database is away
        return
    finally:
        connection.close()
