"""A copy of the whole database as it is at one moment, while others work on it; and the database made from a copy.

SQLite copies itself, by its online backup. PostgreSQL is copied by `pg_dump` and made by `pg_restore`, programs that
come with its client.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg
from django.db import connection, connections
from psycopg.conninfo import make_conninfo

from instroom.config.database import TIME_LIMITS
from instroom.core.errors import NotAllowed
from instroom.store.files.folder_store import FolderStore
from instroom.store.files.sealed_stream import write_all
from instroom.store.sql import row_digests
from instroom.store.sql.row_digests import TableDigest

SUFFIXES: Final = {"sqlite": "sqlite3", "postgresql": "dump"}
"""Kind of database → the end of the name of its copy."""
_CHUNK: Final = 1024 * 1024
_ENDS: Final = "SELECT chain, number, hash FROM store_audithead"
_FILES: Final = "SELECT file_key FROM store_delivery WHERE file_key <> '' AND file_removed_at IS NULL"


class DatabaseContents(NamedTuple):
    """What a database holds at one moment."""

    tables: Mapping[str, TableDigest]
    audit_ends: Mapping[str, str]
    """Chain of the audit log → number and hash of its last entry."""
    files: frozenset[str]
    """The keys of delivered files that must be there."""


def write_copy(target: Path) -> DatabaseContents:
    """Copy the database into a new file. Raises NotAllowed where it is damaged, or where a program of PostgreSQL is
    missing, too old or stops; and OSError."""
    contents = _copy_sqlite(target) if connection.vendor == "sqlite" else _dump_postgresql(target)
    target.chmod(0o600)
    with target.open("rb") as written:
        os.fsync(written.fileno())
    return contents


def make_from(copy: Path) -> None:
    """Make the database from a copy: whole or not at all. Raises as `write_copy` does."""
    if connection.vendor == "sqlite":
        target = _sqlite_file()
        with FolderStore(target.parent).writing(target.name) as out, copy.open("rb") as source:
            while chunk := source.read(_CHUNK):
                write_all(out, chunk)
    else:
        _run("pg_restore", "--single-transaction", "--exit-on-error", str(copy))
    connections.close_all()


def is_absent() -> bool:
    """Whether there is no database yet, or one without tables."""
    if connection.vendor == "sqlite":
        return not _sqlite_file().exists()
    return not connection.introspection.table_names()


def contents_of(columns: Mapping[str, Sequence[str]]) -> DatabaseContents:
    """What these columns of the database hold now. Raises DatabaseError where it lacks one."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(_sqlite_file())) as database:
            return _contents(database, row_digests.of_sqlite(database, columns))
    with _session() as session:
        return _contents(session, row_digests.of_postgresql(session, columns))


def _sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _copy_sqlite(target: Path) -> DatabaseContents:
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)  # in one step: whoever writes meanwhile does not make it begin anew
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, which is all of it
        if copy.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise NotAllowed("backup-database-damaged")
        return _contents(copy, row_digests.of_sqlite(copy))


def _dump_postgresql(target: Path) -> DatabaseContents:
    """Digests and dump are of one snapshot."""
    with _session() as session:
        session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        session.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # it waits for pg_dump
        [snapshot] = session.execute("SELECT pg_export_snapshot()").fetchone() or [""]
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
        return _contents(session, row_digests.of_postgresql(session))


def _contents(database: Any, tables: Mapping[str, TableDigest]) -> DatabaseContents:
    """`database` is a connection of either kind."""
    ends = {str(UUID(str(chain))): f"{number} {last}" for chain, number, last in database.execute(_ENDS)}
    return DatabaseContents(tables, ends, frozenset(key for (key,) in database.execute(_FILES)))


@contextmanager
def _session() -> Iterator[psycopg.Connection]:
    """A session of its own at the server, in a transaction, without the limits of ours."""
    with psycopg.connect(_address(), password=connection.settings_dict["PASSWORD"] or None) as session:
        yield session


def _address() -> str:
    """What the settings say of the server, as programs take it; without the password, which others could see."""
    chosen = connection.settings_dict
    options = {name: value for name, value in chosen["OPTIONS"].items() if name not in TIME_LIMITS}
    named = {"dbname": chosen["NAME"], "user": chosen["USER"], "host": chosen["HOST"], "port": chosen["PORT"]}
    return make_conninfo("", **options, **{name: value for name, value in named.items() if value})


def _run(name: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on the database. Raises NotAllowed with the first line of what it says: those behind
    it may have values of rows."""
    password = connection.settings_dict["PASSWORD"]
    more = {"PGPASSWORD": password} if password else {}
    done = subprocess.run(  # noqa: S603 - a program from PATH, on files that the operator names
        [
            _program(name, connection.get_database_version()[0]),
            *("--no-owner", "--no-privileges", "--no-comments", "--no-password", f"--dbname={_address()}"),
            *arguments,
        ],
        env=os.environ | more,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotAllowed("postgresql-program-failed", program=name, reason=done.stderr.partition("\n")[0])


def _program(name: str, server: int) -> str:
    """Where it is. Raises NotAllowed where it is not, or is older than the server."""
    path = shutil.which(name)
    if path is None:
        raise NotAllowed("postgresql-program-missing", program=name, server=server)
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - from PATH
    version = re.search(r"\d+", said)
    if version and int(version[0]) < server:
        raise NotAllowed("postgresql-program-old", program=name, version=version[0], server=server)
    return path
