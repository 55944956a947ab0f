"""Stores to measure in: created once, copied for each measurement. SQLite: a folder. PostgreSQL: a database."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from bench.processes import Failed, child

SERVER = "INSTROOM_TEST_POSTGRES_URL"
"""The variable with the URL of a PostgreSQL server to create databases in; `scripts/with_postgres.py` sets it."""


class Store(NamedTuple):
    """The store of a measured process."""

    kind: str  # SQLite or PostgreSQL
    name: str
    home: Path

    @property
    def address(self) -> str:
        """The folder, or the database's URL."""
        return str(self.home) if self.kind == "SQLite" else _url(self.name)

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables that make our processes use it."""
        url = self.address if self.kind == "PostgreSQL" else ""
        return {"INSTROOM_HOME": str(self.home), "INSTROOM_DATABASE_URL": url}


def new(kind: str, name: str, folder: Path) -> Store:
    """Create an empty store: tables and one customer with its environments."""
    store = Store(kind, name, folder / f"{kind}-{name}")
    store.home.mkdir()
    if kind == "PostgreSQL":
        _sql(f'CREATE DATABASE "{name}"')
    child("bench.measured.prepare", "init", environ=store.environ)
    return store


def copy(template: Store, name: str) -> Store:
    """Copy a store under another name."""
    store = Store(template.kind, name, template.home.with_name(f"{template.kind}-{name}"))
    shutil.copytree(template.home, store.home)
    if template.kind == "PostgreSQL":
        _sql(f'CREATE DATABASE "{name}" TEMPLATE "{template.name}"')
    return store


def remove(store: Store) -> None:
    shutil.rmtree(store.home)
    if store.kind == "PostgreSQL":
        _sql(f'DROP DATABASE "{store.name}"')


def kinds() -> list[str]:
    """The databases to measure: PostgreSQL only if there is a server for it."""
    return ["SQLite", "PostgreSQL"] if os.environ.get(SERVER) else ["SQLite"]


def _url(name: str) -> str:
    return urlsplit(os.environ[SERVER])._replace(path=f"/{name}").geturl()


def server_version() -> str:
    """Such as `PostgreSQL 15.8`."""
    return f"PostgreSQL {_sql('SHOW server_version').split()[0]}" if os.environ.get(SERVER) else "no PostgreSQL"


def _sql(statement: str) -> str:
    parts = urlsplit(os.environ[SERVER])
    host = dict(parse_qsl(parts.query)).get("host", parts.hostname or "")
    words = [
        "psql",
        "-X",
        "-q",
        "-At",
        "-h",
        host,
        "-U",
        parts.username or "postgres",
        "-d",
        "postgres",
        "-c",
        statement,
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(done.stderr)
    return done.stdout
