"""Upgrades as processes: two at once, one that is killed, and those of a new site."""

import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from tests.commands import INSTROOM, environment
from tests.database import server_url
from tests.next_version import NextVersion, waits_for_tables
from tests.waiting import until

pytestmark = pytest.mark.slow
COLUMN = 'migrations.AddField("customer", "nieuw", models.TextField(null=True))'
TABLE = 'migrations.CreateModel("Nieuw", [("id", models.AutoField(primary_key=True))])'


@contextmanager
def tables_in_use() -> Iterator[None]:
    """Nobody can change the table of customers meanwhile."""
    name = str(connection.settings_dict["NAME"])
    with ExitStack() as stack:
        if connection.vendor == "sqlite":
            stack.enter_context(closing(sqlite3.connect(name, isolation_level=None))).execute("BEGIN IMMEDIATE")
        else:
            stack.enter_context(psycopg.connect(server_url() or "", dbname=name)).execute("TABLE store_customer")
        yield


@pytest.fixture
def next_version(tmp_path: Path) -> Iterator[NextVersion]:
    """With a new table, and then a column of a table that may be in use."""
    version = NextVersion(tmp_path / "next", TABLE, COLUMN)
    yield version
    version.undo()


def said(process: "subprocess.Popen[str]") -> str:
    """By a process that ends well."""
    out = process.communicate(timeout=120)[1]
    assert process.returncode == 0, out
    return out


def test_two_at_once_work_one_after_the_other(next_version: NextVersion) -> None:
    with tables_in_use():
        first = next_version.start("upgrade", "--lang", "en")
        until(lambda: upgrades(first))
        second = next_version.start("upgrade", "--lang", "en")
        assert second.stderr
        assert "another process upgrades these tables" in second.stderr.readline()
        assert first.poll() is None
    assert "Migrations applied: 2." in said(first)
    assert "is of this version already" in said(second)


def test_where_one_was_killed_the_next_goes_on(next_version: NextVersion) -> None:
    with tables_in_use():
        killed = next_version.start("upgrade", "--lang", "en")
        until(lambda: upgrades(killed))
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
    lacking = 1 if connection.vendor == "postgresql" else 2  # on SQLite nobody could write at all
    assert f"Migrations applied: {lacking}." in said(next_version.start("upgrade", "--lang", "en"))


def upgrades(process: "subprocess.Popen[str]") -> bool:
    """Whether it has its turn and waits for the tables."""
    assert process.poll() is None
    if connection.vendor == "sqlite":
        locks = Path("/proc/locks").read_text(encoding="ascii").splitlines()
        return any("FLOCK" in line and f" {process.pid} " in line for line in locks)
    return waits_for_tables(process.pid)


def test_two_make_a_new_site_together(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    with new_database() as settings:
        variables = environment(INSTROOM_HOME=str(home), **settings)
        command = [INSTROOM, "init", "--demo", "--lang", "en"]
        both = [subprocess.Popen(command, env=variables, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        words = [said(one) for one in both]
        assert sorted("is ready" in one for one in words) == [False, True]
        assert sum("the example customer demo has been created" in one.lower() for one in words) == 1
        listed = subprocess.run([INSTROOM, "user", "list"], env=variables, capture_output=True, text=True, check=True)
        assert listed.stdout.count("approver") == 1


@contextmanager
def new_database() -> Iterator[dict[str, str]]:
    """Of a server. The embedded one is made in its home."""
    if not (server := server_url()):
        yield {}
        return
    name = f"{connection.settings_dict['NAME']}_new"
    with psycopg.connect(server, autocommit=True) as administration:
        administration.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {"INSTROOM_DATABASE_URL": urlunsplit(urlsplit(server)._replace(path=f"/{name}"))}
        finally:
            administration.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
