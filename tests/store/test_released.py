"""A site of every released version upgrades to this one: nothing of it is lost, and it goes on."""

import json
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader
from tests.commands import Ran, Run
from tests.database import server_url

KEPT = sorted((Path(__file__).parent / "released").glob("*.tar.xz"))
DATABASE = "instroom_released"


class ReleasedSite:
    """A site that a released version has made, on this run's kind of database."""

    def __init__(self, archive: Path, folder: Path) -> None:
        server = server_url()
        self.kept = folder / ("postgresql" if server else "sqlite")
        with tarfile.open(archive) as members:
            members.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.2 has none
            members.extractall(folder)  # noqa: S202 (ours)
        self.settings = {"INSTROOM_HOME": str(self.kept / "home")}
        sql = (self.kept / "database.sql").read_bytes().decode()  # line ends are part of values
        if server:
            self.settings["INSTROOM_DATABASE_URL"] = load_postgresql(server, sql)
        else:
            load_sqlite(self.kept / "home" / "instroom.sqlite3", sql)
        self.deliveries = json.loads((self.kept / "deliveries.json").read_text(encoding="utf-8"))["deliveries"]

    def run(self, *arguments: str) -> Ran:
        """Run a command of this version there."""
        return Run(self.kept).process(*arguments, "--lang", "en", PYTHONWARNINGS="default", **self.settings)

    def answer(self, *arguments: str) -> str:
        """What a command writes that must succeed."""
        ran = self.run(*arguments)
        assert ran.code == 0, ran.err
        return ran.out


def load_sqlite(file: Path, sql: str) -> None:
    """Make the database of that SQL."""
    with closing(sqlite3.connect(file)) as database:
        database.executescript(sql)


def load_postgresql(server: str, sql: str) -> str:
    """Make a database of that SQL, and give its URL."""
    url = urlunsplit(urlsplit(server)._replace(path=f"/{DATABASE}"))
    with psycopg.connect(server, autocommit=True) as administration:
        administration.execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
        administration.execute(f'CREATE DATABASE "{DATABASE}"')
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(sql.encode())
    return url


@pytest.fixture
def dropped() -> Iterator[None]:
    """A server keeps nothing of this test."""
    yield
    if server := server_url():
        with psycopg.connect(server, autocommit=True) as administration:
            administration.execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')


@pytest.mark.slow
@pytest.mark.usefixtures("dropped")
@pytest.mark.parametrize("archive", KEPT, ids=lambda path: path.name.partition(".tar")[0])
def test_it_upgrades_and_goes_on(archive: Path, tmp_path: Path) -> None:
    site = ReleasedSite(archive, tmp_path)
    waiting, imported, first = (one["id"] for one in site.deliveries)

    site.answer("upgrade")  # alone: nothing has started that would adopt its files

    for environment in ("training", "live"):
        was = (site.kept / f"{environment}.csv").read_bytes().decode()
        assert site.answer("export", "--environment", environment, "-o", "-") == was
    listed = json.loads(site.answer("deliveries", "--format", "json"))["deliveries"]
    assert [(one["id"], one["state"]) for one in listed] == [(one["id"], one["state"]) for one in site.deliveries]

    site.answer("approve", waiting)
    assert "Opleidingsadviseur" in site.answer("export", "--environment", "live", "-o", "-")
    undo = json.loads(site.answer("undo", waiting, "--format", "json"))
    site.answer("approve", undo["id"])
    for delivery in (imported, first):
        assert json.loads(site.answer("show", delivery, "--format", "json"))["state"] == "imported"
    assert site.answer("export", "--environment", "live", "-o", "-") == was
    assert site.answer("audit", "verify")
    site.answer("deliver", "eerste.csv")


def test_a_released_database_is_never_newer_than_this_version() -> None:
    """The short form: what it has, we have or replace."""
    ours = MigrationLoader(None).disk_migrations
    known = {name for _, name in ours} | {name for one in ours.values() for _, name in one.replaces}
    for archive in KEPT:
        with tarfile.open(archive) as members:
            stream = members.extractfile("./sqlite/database.sql")
            assert stream
            with closing(sqlite3.connect(":memory:")) as database:
                database.executescript(stream.read().decode())
                applied = database.execute("SELECT name FROM django_migrations WHERE app = 'store'").fetchall()
        assert {name for (name,) in applied} <= known, archive.name
    assert KEPT
