"""The engine itself: Django looks for it here, under this name."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.postgresql import base
from django.db.models.signals import pre_migrate
from django.dispatch import receiver

from instroom.config.database import MIGRATION_LIMITS, TIME_LIMITS
from instroom.config.process import process_name
from instroom.store.audit_chain import ChainsAtCommit

_ON_ERROR = "log_parameter_max_length_on_error"
"""At 0 the server's own log has no values beside a statement that fails, whatever the server is set to."""
_SET_LIMITS = ", ".join(
    ("SELECT pg_backend_pid()", *(f"set_config('{one}', %s, %s)" for one in (*TIME_LIMITS, _ON_ERROR)))
)


class DatabaseWrapper(ChainsAtCommit, base.DatabaseWrapper):
    """PostgreSQL, where transactions that write to the same chain take turns, and whoever stands still in one ends.

    A connection pooler gives each transaction to another session, so that what is set for a session does not hold: each
    transaction then sets the limits for itself.
    """

    is_pooled = False
    limits: Mapping[str, float]
    """Seconds, of TIME_LIMITS; 0 for none."""

    def get_connection_params(self) -> dict[str, Any]:
        """By the name of this process, by which all its sessions can be ended. Without the limits: poolers refuse
        `options`, in which they would go along."""
        parameters: dict[str, Any] = super().get_connection_params() | {"application_name": process_name()}
        self.limits = {name: parameters.pop(name) for name in TIME_LIMITS}
        return parameters

    def init_connection_state(self) -> None:
        """With a pooler in between, another process answers than the one that we are told to be connected to."""
        super().init_connection_state()
        self.is_pooled = self._set_limits(is_local=False) != self.connection.info.backend_pid

    def limit_migrations(self) -> None:
        """Give way to others soon and compute for as long as it takes, until this connection is closed."""
        self.ensure_connection()
        self.limits = MIGRATION_LIMITS
        self._set_limits(is_local=False)

    @contextmanager
    def waiting_for_locks(self, seconds: float) -> Iterator[None]:
        """Each statement in here waits so long for a lock."""
        before, self.limits = self.limits, {**self.limits, "lock_timeout": seconds}
        self._set_limits(is_local=False)
        try:
            yield
        finally:
            self.limits = before
            self._set_limits(is_local=False)

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs lack it
        if self.is_pooled and not autocommit:
            try:
                self._set_limits(is_local=True)
            except BaseException:
                self.close()  # else what comes next would be in a transaction that nobody commits
                raise

    def _set_limits(self, *, is_local: bool) -> int:
        """For the session, or this transaction. Gives the number of the server's process."""
        values = [value for seconds in self.limits.values() for value in (f"{seconds}s", is_local)] + ["0", is_local]
        with self.wrap_database_errors:
            [pid, *_] = self.connection.execute(_SET_LIMITS, values).fetchone()
        return int(pid)


@receiver(pre_migrate)
def limit_migrations(using: str, **_: Any) -> None:
    if isinstance(one := connections[using], DatabaseWrapper):
        one.limit_migrations()
