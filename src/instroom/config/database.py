"""The database: an embedded SQLite file, or the PostgreSQL database of INSTROOM_DATABASE_URL."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from instroom.core.errors import SettingsError


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
    """Django's settings for `postgresql://user:password@host:port/name?option=value`.

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
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "instroom.store.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": options.pop("port", None) or str(port or ""),
        "OPTIONS": options,
    }
