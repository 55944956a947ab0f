"""Brings the tables to this version, in the way of nobody who works on them meanwhile, and one process at a time.

Whoever waits to change a table lets everybody wait behind it who only wants to read it. So a migration waits for half a
second at most, gives way, and tries again. Each migration is kept that was done.
"""

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from instroom.core.errors import NotAllowed
from instroom.store.sql.lock_holders import Holder, holders_seen

_PATIENCE: Final = 300.0
"""Seconds in which others must let go of a table: longer than a step of any delivery."""
_FIRST_PAUSE: Final = 0.5  # seconds; each next one is twice as long
_LONGEST_PAUSE: Final = 5.0
_TURN: Final = 1800.0
"""Seconds in which another upgrade must have ended."""
_LOOK: Final = 0.5  # seconds
_GAVE_WAY: Final = ("55P03", "40P01")  # SQLSTATEs: waited too long for a lock, and a deadlock that ended with us
_NUMBER: Final = 5_296_143_781_207
"""Of the lock of PostgreSQL under which one upgrade works: any number that nobody else uses."""
_log = logging.getLogger(__name__)


def only_upgrade() -> AbstractContextManager[None]:
    """Let no other process upgrade meanwhile. The lock ends with the process that holds it, however that ends.

    Raises NotAllowed where another one holds it for too long, and OSError.
    """
    return _turn_of_server() if connection.vendor == "postgresql" else _turn_of_home()


def apply_migrations() -> int:
    """Apply the migrations that are lacking; gives how many. Raises NotAllowed where others keep a table for too long;
    then it can go on later."""
    lacking, pause, end = _lacking(), _FIRST_PAUSE, time.monotonic() + _PATIENCE
    holders = list[Holder]()
    while lacking and not _applied(holders):
        if time.monotonic() > end:
            raise NotAllowed("tables-held", minutes=round(_PATIENCE / 60), holders=holders or ["?"])
        if pause == _FIRST_PAUSE:
            said = ", ".join(one.sentence("en") for one in holders) or "?"
            _log.warning("gave way to what uses the tables, and tries again: %s", said)
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
    return lacking


def _lacking() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _applied(holders: list[Holder]) -> bool:
    """False where it gave way; `holders` are then those that it saw last."""
    try:
        with holders_seen(holders):
            call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) not in _GAVE_WAY:
            raise
        return False
    finally:
        connection.close()  # it has the limits of a migration
    return True


@contextmanager
def _turn_of_home() -> Iterator[None]:
    """By a lock on the folder itself, which leaves nothing behind."""
    folder = os.open(settings.INSTROOM_HOME, os.O_RDONLY | os.O_DIRECTORY)

    def take_lock() -> bool:
        with suppress(BlockingIOError):
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    try:
        _await_turn(take_lock)
        yield
    finally:
        os.close(folder)


@contextmanager
def _turn_of_server() -> Iterator[None]:
    """By a lock of a transaction that does nothing else: a connection pooler leaves its session to us until it ends. It
    is asked for again and again, since a statement that waits for it would be waited for by an index that is made
    concurrently."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")

            def take_lock() -> bool:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_NUMBER])
                return bool(cursor.fetchone()[0])

            _await_turn(take_lock)
            yield
    finally:
        other.close()


def _await_turn(take_lock: Callable[[], bool]) -> None:
    end, is_first = time.monotonic() + _TURN, True
    while not take_lock():
        if time.monotonic() > end:
            raise NotAllowed("upgrade-elsewhere", minutes=round(_TURN / 60))
        if is_first:
            _log.warning("another process upgrades these tables: this one waits for it")
        is_first = False
        time.sleep(_LOOK)
