"""One import at a time in an environment (product.md D7), one report at a time of a customer, one change of keys.

The lock is released when its holder dies: in PostgreSQL it belongs to the connection, with SQLite to an open file. It
spans several transactions, and does not delay imports in other environments.
"""

import fcntl
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection

_BETWEEN_TRIES = 0.1  # seconds
_NO_ENVIRONMENT = uuid.UUID(int=0)


@contextmanager
def environment_lock(environment: uuid.UUID) -> Iterator[None]:
    """Wait until no other import runs in this environment, then keep others out."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_number(environment)])
        try:
            yield
        finally:
            _release_advisory_lock(environment)
    else:
        with _lock_file(environment.hex).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def rotation_lock() -> AbstractContextManager[None]:
    """Wait until no other process replaces the keys, then keep others out."""
    return environment_lock(_NO_ENVIRONMENT)


@contextmanager
def reports_lock(customer: uuid.UUID, patience: float) -> Iterator[bool]:
    """Keep others from making reports of this customer. Yields False where somebody else is still making one after
    `patience` seconds."""
    take = _take_advisory_lock if connection.vendor == "postgresql" else _take_file_lock
    until = time.monotonic() + patience
    while (release := take(customer)) is None and time.monotonic() < until:
        time.sleep(_BETWEEN_TRIES)
    try:
        yield release is not None
    finally:
        if release:
            release()


def _take_advisory_lock(customer: uuid.UUID) -> Callable[[], object] | None:
    """How to release it; None where another has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_number(customer)])
        [is_taken] = cursor.fetchone() or [False]
    return (lambda: _release_advisory_lock(customer)) if is_taken else None


def _take_file_lock(customer: uuid.UUID) -> Callable[[], object] | None:
    try:
        return hold_lock(_lock_file(f"{customer.hex}.reports")).close
    except BlockingIOError:
        return None


def hold_lock(lock: Path) -> BinaryIO:
    """Hold this lock until the file is closed or the process ends. Raises BlockingIOError if another process holds it,
    and OSError."""
    file = lock.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise
    return file


def _release_advisory_lock(one: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_number(one)])


def _number(one: uuid.UUID) -> int:
    return one.int & 0x7FFF_FFFF_FFFF_FFFF  # the random half of a UUIDv7


def _lock_file(name: str) -> Path:
    folder = Path(settings.INSTROOM_HOME) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name
