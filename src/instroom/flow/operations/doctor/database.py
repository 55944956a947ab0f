"""The database: whether it can be reached, is sound, and has the tables of this version."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection

from instroom.flow.operations.doctor import database_server, embedded_database
from instroom.flow.operations.doctor.diagnosis import Asked, Diagnosis, diagnosis
from instroom.store.table_version import table_version

_PATIENCE: Final = 5  # seconds; half of what a subject has


def look(asked: Asked) -> Iterator[Diagnosis]:
    if connection.vendor == "sqlite":
        path = Path(settings.DATABASES["default"]["NAME"])
        found = list(embedded_database.look_at(path, None if asked.thorough else asked.until))
    else:
        wait_no_longer()
        found = list(database_server.look())
    yield from found
    if not any(one.code in ("database-missing", "database-not-usable", "database-unreachable") for one in found):
        yield from _tables()


def _tables() -> Iterator[Diagnosis]:
    try:
        version = table_version()
        yield diagnosis("tables" if version == "ours" else f"tables-{version}")
    except DatabaseError:
        yield diagnosis("tables-missing")


def wait_no_longer() -> None:
    """Let the connection of this thread give up on a server in time to tell that."""
    if connection.vendor == "postgresql":
        options = connection.settings_dict["OPTIONS"] | {"connect_timeout": str(_PATIENCE)}
        connection.settings_dict = connection.settings_dict | {"OPTIONS": options}


def refuse_missing() -> None:
    """Raise DatabaseError where the file of the database is not there: who connects to it would make it."""
    wait_no_longer()
    if connection.vendor == "sqlite" and not Path(settings.DATABASES["default"]["NAME"]).exists():
        raise DatabaseError
