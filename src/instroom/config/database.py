"""The database: an embedded SQLite file, or the PostgreSQL database of INSTROOM_DATABASE_URL."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from instroom.config.numbers import whole_number_between
from instroom.core.errors import SettingsError

KEPT: Final = 600
"""Seconds after which a thread opens a connection anew, so that the server's processes do not grow old."""
TIME_LIMITS: Final = {
    "idle_in_transaction_session_timeout": 50,  # its locks are let go of before others have waited too long for them
    "lock_timeout": 60,
}
"""Seconds after which PostgreSQL ends a session that stands still in a transaction, and a statement that waits for a
lock. None of ours comes near: a large import computes for a few seconds between two statements."""
MIGRATION_LIMITS: Final = {"idle_in_transaction_session_timeout": 0, "lock_timeout": 0.5}
"""The same for a migration. It computes in its transaction. What it waits for too long it asks for again later: behind
it everybody waits who uses the table. It is half of the second after which PostgreSQL looks for a deadlock, so that
others seldom lose one."""
_NETWORK: Final = {
    "connect_timeout": "10",  # seconds
    "keepalives_idle": "30",  # seconds; a firewall forgets a silent connection, and a machine that is gone says nothing
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",  # milliseconds that what is sent may stay unanswered by the other machine
}


def sqlite(path: Path) -> dict[str, Any]:
    """Django's settings for the embedded database.

    WAL: readers do not wait for the writer. FULL: a committed transaction survives a power cut. IMMEDIATE: a
    transaction waits for its turn at its start, where waiting is safe, not in its middle. secure_delete: what is
    deleted is overwritten, and does not stay in pages that are free.
    """
    return {
        "ENGINE": "instroom.store.sqlite",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 120,  # seconds that a writer waits for another
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
            " PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA secure_delete=ON;",
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?option=value`. An option is one of libpq, or one
    of TIME_LIMITS in seconds, 0 for none.

    Each thread keeps its connection, and asks before it uses it again whether it is still good. The server's cursors
    are not used: a connection pooler gives the next statement to another session.

    Raises SettingsError if that is not the URL.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingsError("setting-database") from error
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise SettingsError("setting-database")
    options = _NETWORK | dict(parse_qsl(parts.query))
    limits = {one: whole_number_between(one, options.get(one), usual, 0, 86_400) for one, usual in TIME_LIMITS.items()}
    return {
        "ENGINE": "instroom.store.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": options.pop("port", None) or str(port or ""),
        "OPTIONS": options | limits,
        "CONN_MAX_AGE": KEPT,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
