"""Is there a database to work on? If not, the person is told how to make one, or what is wrong with it."""

import os
import signal
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection

from instroom.config import secret
from instroom.config.home import UNFINISHED_RESTORE
from instroom.config.log_lines import announce, log_what_nobody_catches
from instroom.config.traces import begin_traces
from instroom.core.errors import SettingsError
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import Broken, WrongUse
from instroom.flow.operations import layouts
from instroom.flow.operations.site_files import match_files
from instroom.flow.passing_by import pause_after
from instroom.store import tallies
from instroom.store.table_version import table_version

_OTHER_TABLES = {"missing": "no-database", "old": "old-database", "new": "new-database"}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_NOT_USABLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
}


def with_database(work: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command's work on a database that is there and is of this version. What it writes is for its user alone.

    Raises WrongUse where it is not, or where everybody on the machine can read its home, and what `telling` raises.
    """

    @wraps(work)
    def on_database(*arguments: Any, **options: Any) -> Any:
        os.umask(0o077)
        with telling():
            _refuse_no_file()
            try:
                done = work(*arguments, **options)
                with suppress(DatabaseError):  # what was asked is done
                    tallies.flush()
                return done
            except DatabaseError:
                if code := _wrong_tables():
                    raise WrongUse(code, name=shown(database_name())) from None
                raise

    return on_database


def with_site(work: Callable[..., Any]) -> Callable[..., Any]:
    """As `with_database`, for what goes on until it is stopped: what only its first customer would find out is found
    before anybody is let in. A database server that is not there yet is waited for, but not to do something `once`.

    Raises WrongUse where the tables are of another version, and SettingsError where a key would not stay, or the files
    are not this site's.
    """

    @wraps(work)
    def on_site(*arguments: Any, **options: Any) -> Any:
        if not options.get("once"):
            # Until the door has its own way to end. An exception is lost where it meets a callback of a weak reference.
            signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
            log_what_nobody_catches()
            _await_server()
        begin_traces(str(click.get_current_context().info_name))
        home = Path(settings.INSTROOM_HOME)
        secret.require(home)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)  # a machine of many has nothing in it but what passes
        refuse_other_tables()
        match_files()
        say_taken_in()
        return work(*arguments, **options)

    return with_database(on_site)


def refuse_no_tables() -> None:
    """Raise WrongUse where there is no database, or nothing in it."""
    _refuse_no_file()
    if table_version() == "missing":
        raise WrongUse("no-database", name=shown(database_name()))


def refuse_other_tables() -> None:
    """Raise WrongUse where the tables are not of this version."""
    if code := _OTHER_TABLES.get(table_version()):
        raise WrongUse(code, name=shown(database_name()))


def refuse_newer_tables() -> None:
    """Raise WrongUse where a newer version of Instroom has been at the tables: there is no way back."""
    _refuse_unfinished_restore()
    is_there = not is_embedded() or Path(database_name()).exists()  # to look would make it
    if is_there and table_version() == "new":
        raise WrongUse("new-database", name=shown(database_name()))


def _await_server() -> None:
    tries = 0
    while not (is_embedded() or _answers()):
        tries += 1
        if tries == 1:
            announce(phrase("database-awaited", click.get_current_context().obj.lang, name=shown(database_name())))
        time.sleep(pause_after(tries))


def say_taken_in() -> None:
    """Take in the layouts of an older version, and tell what became of them."""
    lang, folder = click.get_current_context().obj.lang, shown(Path(settings.INSTROOM_HOME) / "layouts")
    taken_in = layouts.take_in_folder()
    if taken_in.layouts:
        announce(phrase("layouts-taken-in", lang, folder=folder, layouts=taken_in.layouts))
    for problem in taken_in.broken:
        announce(phrase("layout-not-taken-in", lang, folder=folder, problem=problem))


@contextmanager
def telling() -> Iterator[None]:
    """Work on the database. Raises Broken where it cannot be reached, read or written, where the operator
    has to act; a database that breaks for another reason raises what it raised."""
    try:
        yield
    except DatabaseError as error:
        if code := _trouble(error):
            raise Broken(code, name=shown(database_name())) from error
        raise


def _trouble(error: DatabaseError) -> str:
    """The phrase for what is wrong with the database; "" where the fault is not in it."""
    if not is_embedded():
        return "" if _answers() else "database-unreachable"
    code = getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF  # the primary one
    named = (("database-busy", _BUSY), ("database-damaged", _DAMAGED), ("database-not-usable", _NOT_USABLE))
    return next((name for name, codes in named if code in codes), "")


def _answers() -> bool:
    connection.close()
    try:
        connection.ensure_connection()
    except OperationalError:
        return False
    return True


def _refuse_no_file() -> None:
    _refuse_open_home()
    _refuse_unfinished_restore()
    if is_embedded() and not Path(database_name()).exists():
        _refuse_home_that_is_a_file()
        raise WrongUse("no-database", name=shown(database_name()))


def _refuse_home_that_is_a_file() -> None:
    home = Path(settings.INSTROOM_HOME)
    if any(one.is_file() for one in (home, *home.parents)):
        raise WrongUse("home-is-a-file", name=shown(home))


def _refuse_open_home() -> None:
    home = Path(settings.INSTROOM_HOME)
    if home.is_dir() and home.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH):
        raise WrongUse("home-is-open", name=shown(home))


def _refuse_unfinished_restore() -> None:
    home = Path(settings.INSTROOM_HOME)
    if (home / UNFINISHED_RESTORE).exists():
        raise SettingsError("restore-unfinished", folder=home)


def is_embedded() -> bool:
    """Whether the database is the SQLite file of INSTROOM_HOME."""
    return connection.vendor == "sqlite"


def database_name() -> str:
    """The embedded database's file, or the name of the database on its server."""
    return str(settings.DATABASES["default"]["NAME"])


def _wrong_tables() -> str:
    """The phrase for tables that are not of this version; "" where that is not what is wrong."""
    connection.close()  # what broke may have left it in the middle of a transaction
    try:
        return _OTHER_TABLES.get(table_version(), "")
    except DatabaseError:
        return ""
