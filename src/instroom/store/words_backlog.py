"""The dossiers that were there before SQLite's index of words. They are indexed some at a time, so that others write in
between, and a search says meanwhile that it does not find all. PostgreSQL has none."""

import time
from typing import Final

from django.db import connections, transaction

from instroom.store.search_index import BACKLOG
from instroom.store.sqlite.unindexed import IndexesAtCommit

_AT_ONCE: Final = 5000  # dossiers: for less than half a second nobody else writes
_GIVE_WAY: Final = 0.05  # seconds; who waits for SQLite looks again and again, and would never come first


def is_left() -> bool:
    """Whether there are dossiers that no search finds yet."""
    database = connections["default"]
    if not isinstance(database, IndexesAtCommit):
        return False
    with database.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {BACKLOG} LIMIT 1")  # noqa: S608 - ours
        return cursor.fetchone() is not None


def index_backlog(at_once: int = _AT_ONCE) -> None:
    """Index all of them. Who is killed meanwhile goes on where they were."""
    database = connections["default"]
    while isinstance(database, IndexesAtCommit) and is_left():
        with transaction.atomic():
            database.index_backlog(at_once)
        time.sleep(_GIVE_WAY)
