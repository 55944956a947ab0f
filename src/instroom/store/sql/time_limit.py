"""Reading for so long at most: a question that takes longer ends, and what serves people goes on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction

_STEPS: Final = 50_000  # of SQLite's machine between two looks at the clock: some milliseconds


@contextmanager
def reading_within(seconds: float) -> Iterator[None]:
    """Each statement in here, on PostgreSQL; on SQLite all together. Raises OperationalError, as the database does."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [f"{seconds}s"])
            cursor.execute("SET TRANSACTION READ ONLY")
            yield
        return
    # No transaction: there it would wait for whoever writes.
    end = time.monotonic() + seconds
    connection.connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, 0)
