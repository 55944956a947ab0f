"""Whose trouble it is that a step broke."""

import errno
import sqlite3
from contextlib import suppress
from pathlib import Path

import django.db
import psycopg
import pytest
from django.test import override_settings
from psycopg import errors

from instroom.store.files import delivered_files, site_id
from instroom.store.files.file_store import FileMissing, StoreAway
from instroom.store.files.sealed_stream import FileChanged, KeyGone
from instroom.store.files.site_store import site_store
from instroom.store.troubles import cause_of, of_the_site


def wrapped(error: Exception, outer: type[Exception] = django.db.OperationalError) -> Exception:
    """As Django gives on what a driver says."""
    with suppress(Exception):
        raise outer(*error.args) from error
    made = outer(*error.args)
    made.__cause__ = error
    return made


def of_sqlite(statement: str, path: str = ":memory:") -> Exception:
    try:
        sqlite3.connect(path).execute(statement)
    except sqlite3.Error as error:
        return wrapped(error)
    raise AssertionError(statement)


def while_handling(first: Exception, then: Exception) -> Exception:
    then.__context__ = first
    return then


SITE = [
    (django.db.InterfaceError("connection already closed"), "database"),
    (wrapped(psycopg.OperationalError("server closed the connection unexpectedly")), "database"),
    *((wrapped(kind()), "database") for kind in (
        errors.DiskFull, errors.TooManyConnections, errors.AdminShutdown, errors.CannotConnectNow,
        errors.DeadlockDetected, errors.LockNotAvailable, errors.ReadOnlySqlTransaction, errors.InsufficientPrivilege,
        errors.IdleInTransactionSessionTimeout, errors.UndefinedTable, errors.UndefinedColumn, errors.IoError,
    )),
    (of_sqlite("SELECT 1 FROM nowhere"), "database"),
    (of_sqlite("SELECT 1", "/nowhere/at.all"), "database"),
    (while_handling(wrapped(errors.DiskFull()), django.db.transaction.TransactionManagementError()), "database"),
    *((OSError(number, "", "x"), "disk") for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)),
    *((OSError(number, "", "x"), "store") for number in (errno.EIO, errno.ENOTCONN, errno.ESTALE, errno.ECONNREFUSED)),
    (TimeoutError(), "store"),
    (OSError(errno.EMFILE, "", "x"), "limits"),
]  # fmt: skip
DELIVERY = [
    (wrapped(errors.ProgramLimitExceeded(), django.db.OperationalError), "internal"),
    (wrapped(errors.UniqueViolation("Key (extern_id)=(b00001)"), django.db.IntegrityError), "internal"),
    (wrapped(errors.QueryCanceled()), "internal"),
    (of_sqlite("SELECT (("), "internal"),
    (ValueError("Bo Voorbeeld"), "internal"),
    (FileNotFoundError(errno.ENOENT, "", "/elsewhere"), "internal"),
    (FileChanged("file-changed"), "file-changed"),
    (KeyGone("file-changed"), "key-gone"),
    (MemoryError(), "memory"),
    (OSError(errno.ENOMEM, "", "x"), "memory"),
]


@pytest.mark.unstored
@pytest.mark.parametrize(("error", "kind"), SITE, ids=repr)
def test_the_trouble_of_the_site(error: Exception, kind: str) -> None:
    assert of_the_site(error) == kind


@pytest.mark.unstored
@pytest.mark.parametrize(("error", "code"), DELIVERY, ids=repr)
def test_the_trouble_of_the_delivery(error: Exception, code: str) -> None:
    assert of_the_site(error) is None
    cause = cause_of(error)
    assert cause.code == code
    assert not any(value in str(cause) for value in ("Bo", "b00001", "elsewhere"))


@pytest.mark.unstored
def test_a_file_is_missing_only_where_the_store_is_there(tmp_path: Path) -> None:
    with override_settings(INSTROOM_HOME=tmp_path):
        kept = delivered_files.kept("demo/1")
        with pytest.raises(StoreAway) as away:
            kept.opened()
        (tmp_path / "files").mkdir()
        with pytest.raises(StoreAway) as empty:  # its disk is not mounted
            kept.opened()
        assert of_the_site(away.value) == of_the_site(empty.value) == "store"
        site_id.write(site_store(), "1")
        with pytest.raises(FileMissing) as gone:
            kept.opened()
        assert (of_the_site(gone.value), cause_of(gone.value).code) == (None, "file-missing")


@pytest.mark.unstored
def test_of_an_error_in_our_code_the_class_and_the_place_are_told() -> None:
    try:
        delivered_files.kept(None).exists()  # type: ignore[arg-type]
    except TypeError as error:
        facts = cause_of(error).facts
    assert facts["error"] == "TypeError"
    assert facts["place"].startswith("instroom.store.files.folder_store:")
