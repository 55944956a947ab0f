"""Whose trouble it is that something broke: the site's, which passes, or that of the one delivery, which is counted.

Of an exception only its kind is told, never its text: that may hold a value of somebody's dossier.
"""

import errno
import sqlite3
from collections.abc import Iterator
from typing import Final, NamedTuple

import django.db
import psycopg

from instroom.store.files.file_store import FileMissing, StoreAway
from instroom.store.files.sealed_stream import FileChanged, FileUnreadable, KeyGone
from instroom.store.leases import LeaseLost

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_AWAY: Final = frozenset({
    errno.EIO, errno.ENOTCONN, errno.ESTALE, errno.ENODEV, errno.ENXIO, errno.EREMOTEIO, errno.EHOSTDOWN,
    errno.EHOSTUNREACH, errno.ENETDOWN, errno.ENETUNREACH, errno.ETIMEDOUT, errno.ENOLCK,
})  # fmt: skip
_NO_MORE: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.EAGAIN})

_OF_SERVER: Final = (
    *("08", "26", "28", "3D", "3F", "40", "53", "55", "57", "58"),  # connection, access, names, turns, means, operator
    *("25006", "25P03", "25P04"),  # read only, and transactions that took too long
    *("42501", "42P01", "42703"),  # rights, and tables of another version
)
_OF_STATEMENT: Final = ("53400", "57014")  # a limit that one statement passes, or its time: it would pass it again
"""SQLSTATEs of PostgreSQL, and their classes."""
_OF_SQLITE: Final = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOTADB,
})  # fmt: skip
_OTHER_VERSION: Final = ("no such table", "no such column")

TROUBLES: Final = ("database", "disk", "store", "limits", "lease")
"""Kinds of trouble of the site."""
CAUSES: Final = ("internal", "memory", "file-missing", "file-changed", "file-unreadable", "key-gone", "crashed")
"""Codes of what is the matter with a delivery; the last one is of a step that ended its process."""


class Cause(NamedTuple):
    """Why a step of a delivery broke."""

    code: str
    """One of the labels `reason`."""
    facts: dict[str, str]
    """Of `internal`: the class of the exception, and the place in our code."""


def of_the_site(error: BaseException) -> str | None:
    """Which trouble of the site it is: one of TROUBLES; None where it is nobody's but the delivery's."""
    for one in _behind(error):
        if isinstance(one, FileUnreadable):  # what comes from a disk, but from one file on it
            return None
        if isinstance(one, LeaseLost):
            return "lease"
        if _is_of_database(one):
            return "database"
        if isinstance(one, OSError) and (kind := _kind_of(one)):
            return kind
    return None


def cause_of(error: BaseException) -> Cause:
    """What is the matter with the delivery, where it is not the site's trouble."""
    for one in _behind(error):
        if isinstance(one, KeyGone):
            return Cause("key-gone", {})
        if isinstance(one, FileUnreadable):
            return Cause("file-unreadable", {})
        if isinstance(one, FileChanged):
            return Cause("file-changed", {})
        if isinstance(one, MemoryError) or (isinstance(one, OSError) and one.errno == errno.ENOMEM):
            return Cause("memory", {})
        if isinstance(one, FileMissing):
            return Cause("file-missing", {})
    return Cause("internal", {"error": type(error).__name__, "place": _places_in(error)[-1]})


def where_of(error: BaseException) -> str:
    """For the log: its class, and where in our code it came up, the innermost last."""
    return f"{type(error).__name__} at {' > '.join(_places_in(error))}"


def _places_in(error: BaseException) -> list[str]:
    found, step = list[str](), error.__traceback__
    while step:
        name = step.tb_frame.f_globals.get("__name__", "")
        if str(name).startswith("instroom."):
            found.append(f"{name}:{step.tb_lineno}")
        step = step.tb_next
    return found or ["?"]


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """It and what it came from: drivers' errors are wrapped, and a clean-up may break over the first one."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _is_of_database(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        return code is not None and (code & 0xFF in _OF_SQLITE or str(error).startswith(_OTHER_VERSION))
    if isinstance(error, psycopg.Error):
        if error.sqlstate is None:  # no answer of the server
            return isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
        return error.sqlstate.startswith(_OF_SERVER) and error.sqlstate not in _OF_STATEMENT
    lost = (django.db.OperationalError, django.db.InterfaceError)
    return isinstance(error, lost) and error.__cause__ is None  # what a driver says stands behind it


def _kind_of(error: OSError) -> str | None:
    if error.errno in _FULL:
        return "disk"
    if error.errno in _NO_MORE:
        return "limits"
    away = error.errno in _AWAY or isinstance(error, (StoreAway, ConnectionError, TimeoutError))
    return "store" if away else None
