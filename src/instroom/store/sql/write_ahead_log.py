"""The write-ahead log of SQLite, which holds pages as they were until it is emptied."""

from typing import Final

from django.db import connection

_PATIENCE: Final = 2_000  # milliseconds: whoever writes meanwhile waits for us


def empty() -> None:
    """Bring all of it in the database and empty it; while others read in it for long, it is done the next time."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        [usual] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")
