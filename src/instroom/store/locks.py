"""One import at a time in an environment (product.md D7).

The lock is released when its holder dies: in PostgreSQL it belongs to the connection, with SQLite to an open file. It
spans several transactions, and does not delay imports in other environments.
"""

import fcntl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection


@contextmanager
def environment_lock(environment: uuid.UUID) -> Iterator[None]:
    """Wait until no other import runs in this environment, then keep others out."""
    with _advisory_lock(environment) if connection.vendor == "postgresql" else _file_lock(environment):
        yield


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


@contextmanager
def _advisory_lock(environment: uuid.UUID) -> Iterator[None]:
    number = environment.int & 0x7FFF_FFFF_FFFF_FFFF  # the random half of a UUIDv7
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [number])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _file_lock(environment: uuid.UUID) -> Iterator[None]:
    folder = Path(settings.INSTROOM_HOME) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / environment.hex).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
