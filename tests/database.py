"""The database under the tests that store: SQLite, or PostgreSQL where INSTROOM_TEST_POSTGRES_URL names a server.

Each process of a test run has a database and a folder of its own. Their names go into the environment before Django is
loaded, so that every command that a test starts works on the same ones. The migrations take seconds: the first process
that needs tables applies them, and the others copy its database.
"""

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.core.management import call_command
from django.db import connection, connections, transaction
from pytest import MonkeyPatch

STORING_FOLDERS = frozenset({"contracts", "store", "flow", "doors", "journeys"})
"""The folders under tests/ whose tests have a database; `make test-all` runs them on both."""
ON_BOTH = frozenset({"contracts", "store", "flow"})
"""Those that `make test` runs on both too: what is further from the database sees little of it."""


ROOT = Path(__file__).parent.parent
"""Where processes that a test starts find `tests.settings`."""


def server_url() -> str | None:
    """The PostgreSQL server to test on; None: test on SQLite."""
    return os.environ.get("INSTROOM_TEST_POSTGRES_URL")


@cache
def set_up_django() -> None:
    """Load Django on this process's own database. It must happen before a test module imports a model."""
    home = tempfile.TemporaryDirectory(prefix="instroom-tests-")
    _KEPT_UNTIL_EXIT.append(home)
    os.environ["INSTROOM_HOME"] = home.name
    os.environ.update(dict.fromkeys(("INSTROOM_FTP_PORT", "INSTROOM_FTPES_PORT", "INSTROOM_FTPS_PORT"), "0"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    os.environ.pop("INSTROOM_DATABASE_URL", None)
    if server := server_url():
        os.environ["INSTROOM_DATABASE_URL"] = _database_of_this_process(server)
    django.setup()


_KEPT_UNTIL_EXIT: list["tempfile.TemporaryDirectory[str]"] = []


def home() -> Path:
    """This process's INSTROOM_HOME."""
    return Path(os.environ["INSTROOM_HOME"])


@contextmanager
def migrated(shared: Path) -> Iterator[None]:
    """All tables, for as long as the tests run. `shared` is a folder of all processes of this run."""
    template = shared / "instroom_migrated"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        connections.close_all()
        if template.exists():
            _copy(template, _own())
        else:
            call_command("migrate", verbosity=0, interactive=False)
            connections.close_all()
            _copy(_own(), template)
            template.touch()  # of a server's database it is the sign that it is there
    give_files_to_site()
    yield
    connections.close_all()


def give_files_to_site() -> None:
    """As `instroom init` does: whatever is under this process's home is of its database."""
    from instroom.flow.operations.site_files import match_files

    match_files(adopt=True)


def mark_uploads(folder: Path) -> None:
    """Let a folder be that of this site's file server, as `instroom init` does."""
    from instroom.store.files import site_id
    from instroom.store.files.folder_store import FolderStore
    from instroom.store.models import Site

    site_id.write(FolderStore(folder), str(Site.objects.get().pk))


def _own() -> Path:
    """The file of this process's database; a database of a server has its name alone."""
    return Path(connection.settings_dict["NAME"])


def _copy(database: Path, copy: Path) -> None:
    if not (server := server_url()):
        shutil.copyfile(database, copy)
        return
    with psycopg.connect(server, autocommit=True) as administration:
        administration.execute(f'DROP DATABASE IF EXISTS "{copy.name}" WITH (FORCE)')
        administration.execute(f'CREATE DATABASE "{copy.name}" TEMPLATE "{database.name}"')


def empty() -> None:
    """Take every row away but that of the site. Tests commit for real, since the code under test does, so nothing can
    be rolled back. The command for it empties all tables, and most hold nothing."""
    unchecked, checked = {
        "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
        "postgresql": ("SET session_replication_role = replica", "RESET session_replication_role"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(_names_of_filled_tables())
        filled = [name for (name,) in cursor.fetchall()]
        lawful = [_AUDIT_LOG_MAY_GO] if connection.vendor == "sqlite" and "store_auditentry" in filled else []
        for statement in (unchecked, *lawful, *(f'DELETE FROM "{table}"' for table in filled), checked):  # noqa: S608 (ours)
            cursor.execute(statement)
    if connection.vendor == "sqlite" and "store_person" in connection.introspection.table_names():
        connection.index_words()  # of what was deleted without a commit


_AUDIT_LOG_MAY_GO = """
    INSERT INTO store_auditentry (id, customer_id, at, action, facts, number, hash)
    SELECT hex(randomblob(16)), customer_id, '', 'audit-trimmed', '{"until": 9000000000000000000}', max(number) + 1, ''
    FROM store_auditentry GROUP BY customer_id
"""
"""The newest entries of all, hence the last that are deleted: SQLite asks each time whether there is one."""


@cache
def _names_of_filled_tables() -> str:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables.remove("store_site")
    return " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM \"{one}\")" for one in tables)  # noqa: S608


class Kept:
    """What all tests of a module begin with: made for the first of them, and put back for each of the others. They
    commit for real, unlike those that are `rolled_back`."""

    def __init__(self) -> None:
        self._copy: sqlite3.Connection | None = None

    def begin(self, make: Callable[[], object]) -> None:
        """Store what `make` stores."""
        connection.ensure_connection()
        if self._copy is not None:
            self._copy.backup(connection.connection)
            return
        make()
        if connection.vendor == "sqlite":  # a server makes it each time
            self._copy = sqlite3.connect(":memory:")
            connection.connection.backup(self._copy)

    def close(self) -> None:
        """The module has ended."""
        if self._copy is not None:
            self._copy.close()


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is stored meanwhile is undone at the end. A request that ends meanwhile would close the connection."""
    with transaction.atomic(), MonkeyPatch.context() as patched:
        patched.setattr(connections["default"], "close_if_unusable_or_obsolete", lambda: None)
        yield
        transaction.set_rollback(True)


def _database_of_this_process(server: str) -> str:
    name = f"instroom_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
