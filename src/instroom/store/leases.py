"""Leases: what one process at a time may do, such as the steps of a customer (product.md D7), its reports, or a change
of keys.

A lease is a row with a number that rises with each holder. A holder gives a sign of life every few seconds. One that
gives none any more, or whose process has ended on this machine, is passed by: another takes the lease over, and what
the former holder still wants to commit is refused, since it compares the number. So nothing depends on a session at the
database, nobody waits for a process that hangs, and one that comes back late does no harm. Times are the database's.

Why: docs/adr/0043-leases-instead-of-locks.md.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread
from typing import Final
from uuid import UUID, uuid5

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from instroom.config.process import is_gone, process_name
from instroom.core.errors import InstroomError, NotAllowed
from instroom.store.models import Lease

KEYS: Final = UUID(int=0)
"""The subject of the change of the site's keys."""
CLEANING: Final = UUID(int=1)
"""The subject of the daily cleaning."""
ANSWERING: Final = UUID(int=2)
"""The subject of writing answers into the folders of accounts."""
LIFE: Final = timedelta(seconds=45)
"""Without a sign of life for so long, a lease is taken over."""
_BEAT: Final = 10.0  # seconds between two signs of life
LONGEST: Final = 30 * 60.0
"""Seconds; what takes longer hangs, though its process lives."""
_BETWEEN_TRIES: Final = 0.1  # seconds
_log = logging.getLogger(__name__)
_held: dict[tuple[UUID, int], float] = {}  # by this process, and since when


class LeaseLost(InstroomError):
    """Another process has taken over: nothing was committed, and the other does it."""

    def __init__(self) -> None:
        super().__init__("lease-lost")


class HeldLease:
    """That which this process holds, to be compared with the row before anything is committed."""

    def __init__(self, subject: UUID, number: int) -> None:
        self.subject, self.number = subject, number

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction of the holder. Raises LeaseLost where it is that no more; then nothing is committed."""
        with transaction.atomic():
            yield
            self.confirm()

    def confirm(self) -> None:
        """Let nobody take over before the end of the transaction: call this last in it. Raises LeaseLost."""
        if connection.vendor == "postgresql":  # what takes long at a commit, before the row is locked
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if self._row().select_for_update().first() is None:
            raise LeaseLost

    def _row(self) -> "QuerySet[Lease]":
        return Lease.objects.filter(subject=self.subject, number=self.number, holder=process_name())

    def beat(self, end: Event) -> None:
        """Give signs of life until the end."""
        began = time.monotonic()
        while not end.wait(_BEAT) and time.monotonic() - began < LONGEST:
            with suppress(DatabaseError):  # the next one may reach it
                self.give_sign_of_life()
            connection.close()

    def give_sign_of_life(self) -> None:
        """Wait for nobody: where the row is locked, a step commits at this moment."""
        with transaction.atomic():
            Lease.objects.filter(pk__in=_unlocked(self._row()).values("pk")).update(until=Now() + LIFE)

    def release(self) -> None:
        with suppress(DatabaseError):  # then it ends by itself
            self._row().update(holder="", until=None)


@contextmanager
def held(subject: UUID, patience: float = 0) -> Iterator[HeldLease | None]:
    """Hold the lease of a subject. None where another process still does after `patience` seconds."""
    until = time.monotonic() + patience
    while (mine := _take(subject)) is None and time.monotonic() < until:
        time.sleep(_BETWEEN_TRIES)
    if mine is None:
        yield None
        return
    end = Event()
    try:
        Thread(target=mine.beat, args=(end,), name="lease", daemon=True).start()
        yield mine
    finally:
        end.set()
        _held.pop((subject, mine.number), None)
        mine.release()


@contextmanager
def held_or_refused(subject: UUID, patience: float) -> Iterator[HeldLease]:
    """As `held`, for whom a person waits. Raises NotAllowed where another process still holds it."""
    with held(subject, patience) as mine:
        if mine is None:
            raise NotAllowed("busy-elsewhere")
        yield mine


def prepare(subject: UUID) -> None:
    """Make the row before the subject has work, so that those who are first do not wait for each other to make it."""
    Lease.objects.bulk_create([Lease(subject=subject)], ignore_conflicts=True)


def reports_of(customer: UUID) -> UUID:
    """The subject of making reports of a customer, which delays none of its steps."""
    return uuid5(customer, "reports")


def checks_of(customer: UUID) -> UUID:
    """The subject of checking files that are not delivered."""
    return uuid5(customer, "checks")


def longest_step() -> float:
    """For how many seconds this process has been at what it began first of all that it holds for customers."""
    since = [at for (subject, _), at in list(_held.items()) if subject not in (KEYS, CLEANING, ANSWERING)]
    return time.monotonic() - min(since) if since else 0


def release_gone() -> int:
    """Release what processes of this machine held when they ended. Gives how many."""
    taken = Lease.objects.exclude(holder="")
    gone = [one for one in taken if _is_left(one)]
    return sum(taken.filter(pk=one.pk, number=one.number).update(holder="", until=None) for one in gone)


def _take(subject: UUID) -> HeldLease | None:
    row = Lease.objects.filter(pk=subject).first()
    if row is None:
        prepare(subject)
        row = Lease(subject=subject)
    elif row.holder and not _is_left(row):
        if not Lease.objects.filter(pk=subject, number=row.number, until__lt=Now()).exists():
            return None
        _log.warning("%s gives no sign of life, and is passed by", row.holder)
        if row.holder != process_name():
            _end_sessions(row.holder)
    same = Lease.objects.filter(subject=subject, number=row.number, holder=row.holder, until=row.until)
    mine = HeldLease(subject, row.number + 1)
    try:
        with transaction.atomic():
            if _unlocked(same).first() is None:
                return None
            same.update(number=mine.number, holder=process_name(), until=Now() + LIFE, taken_at=Now())
            _held[subject, mine.number] = time.monotonic()  # before others can see it
    except DatabaseError:
        _held.pop((subject, mine.number), None)
        raise
    return mine


def _unlocked(rows: "QuerySet[Lease]") -> "QuerySet[Lease]":
    return rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


def _is_left(row: Lease) -> bool:
    """Whether its holder has ended, or is this process, which knows better."""
    return (row.subject, row.number) not in _held if row.holder == process_name() else is_gone(row.holder)


def _end_sessions(holder: str) -> None:
    """Of a process that may hang in the middle of a transaction, whose rows would be waited for."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = %s AND usename = current_user AND datname = current_database()"
                " AND state <> 'idle' AND pid <> pg_backend_pid()",
                [holder],
            )
