"""A transaction on SQLite waits for the one that writes, as long as the settings say."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction

from instroom.config.database import sqlite


@contextmanager
def two_connections(folder: Path, seconds: float) -> Iterator[tuple[Any, Any]]:
    """To one database; a writer waits so many seconds for the other."""
    base = connections["default"].settings_dict
    given = sqlite(folder / "two.sqlite3")
    given["OPTIONS"]["timeout"] = seconds
    names = ("first", "second")
    for name in names:
        connections.settings[name] = {**base, **given}
    try:
        for name in names:
            connections[name].inc_thread_sharing()
        yield tuple(connections[name] for name in names)
    finally:
        for name in names:
            connections[name].close()
            del connections[name], connections.settings[name]


@pytest.mark.on_sqlite_alone
def test_it_begins_as_soon_as_the_other_has_ended(tmp_path: Path) -> None:
    with two_connections(tmp_path, 60) as (first, _):
        first.ensure_connection()
        first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        ended = list[bool]()
        Timer(0.05, lambda: (ended.append(True), first.rollback())).start()
        with transaction.atomic(using="second"):
            assert ended


@pytest.mark.on_sqlite_alone
def test_it_gives_up_after_its_time(tmp_path: Path) -> None:
    with two_connections(tmp_path, 0.02) as (first, _):
        first.ensure_connection()
        first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        with pytest.raises(OperationalError, match="locked"), transaction.atomic(using="second"):
            pass
        first.rollback()
        with transaction.atomic(using="second"):
            pass
