"""The embedded database: whether each of its pages and references is sound."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

from instroom.flow.operations.doctor.diagnosis import Diagnosis, diagnosis

_STEPS: Final = 10_000  # of SQLite's machine between two looks at the clock
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def look_at(path: Path, until: float | None = None) -> Iterator[Diagnosis]:
    """At the file of a database, on a connection of its own that can write nothing. None: however long it takes."""
    if not path.exists():
        yield diagnosis("database-missing", file=path)
        return
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5)) as connection:
            if until is not None:
                connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
            yield from _soundness(connection, path)
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_INTERRUPT:
            yield diagnosis("database-unfinished", file=path)
        else:
            yield diagnosis("database-damaged" if code in _DAMAGED else "database-not-usable", file=path)


def _soundness(connection: sqlite3.Connection, path: Path) -> Iterator[Diagnosis]:
    (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        yield diagnosis("database-damaged", file=path)
        return
    tables = sorted({table for table, *_ in connection.execute("PRAGMA foreign_key_check")})
    if tables:
        yield diagnosis("database-references", tables=tables)
    else:
        yield diagnosis("database-sound", file=path)
