"""Is there a database to work on? If not, the person is told how to make one."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from instroom.doors.cli.delivered import shown
from instroom.doors.cli.failures import WrongUse


def with_database(work: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command's work on a database that is there and is of this version.

    Raises WrongUse where it is not; a database that breaks for another reason raises what it raised.
    """

    @wraps(work)
    def on_database(*arguments: Any, **options: Any) -> Any:
        if is_embedded() and not Path(database_name()).exists():
            raise WrongUse("no-database", name=shown(database_name()))
        try:
            return work(*arguments, **options)
        except DatabaseError:
            if _lacks_migrations():
                raise WrongUse("old-database", name=shown(database_name())) from None
            raise

    return on_database


def is_embedded() -> bool:
    """Whether the database is the SQLite file of INSTROOM_HOME."""
    return connection.vendor == "sqlite"


def database_name() -> str:
    """The embedded database's file, or the name of the database on its server."""
    return str(settings.DATABASES["default"]["NAME"])


def _lacks_migrations() -> bool:
    connection.close()  # what broke may have left it in the middle of a transaction
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return False
