"""How a transaction on SQLite waits for its turn to write: it asks every few milliseconds."""

import sqlite3
import time
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

_BETWEEN: Final = 0.002  # seconds


class AsksOften(BaseDatabaseWrapper):
    """SQLite itself sleeps up to 0.1 s between two looks, and a worker that writes again and again goes first in each
    of them: beside its steps a page waited for half a second (docs/explanation/load.md)."""

    def _start_transaction_under_autocommit(self) -> None:
        seconds = self.settings_dict["OPTIONS"]["timeout"]
        end = time.monotonic() + seconds
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while not self._begins(wait=time.monotonic() < end):
                time.sleep(_BETWEEN)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {1000 * seconds:.0f}")

    def _begins(self, *, wait: bool) -> bool:
        """False where another one writes. Raises OperationalError then, where nobody is to wait."""
        with self.wrap_database_errors:
            try:
                self.connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if wait and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:  # or busy with its log, after a crash
                    return False
                raise
        return True
