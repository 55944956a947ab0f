"""A place where another site can be: a home folder, and a database of the kind of this run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connections
from django.db.utils import load_backend
from django.test import override_settings
from pytest import MonkeyPatch

from instroom.config.database import postgresql, sqlite
from tests.database import server_url


class OtherSite:
    """It stands in for ours while it is entered."""

    def __init__(self, home: Path, url: str = "") -> None:
        """`url` is that of its database at a server; "" for an embedded one."""
        self.home, self.url = home, url

    @property
    def settings(self) -> dict[str, str]:
        """As environment variables of a process."""
        return {"INSTROOM_HOME": str(self.home), **({"INSTROOM_DATABASE_URL": self.url} if self.url else {})}

    @contextmanager
    def entered(self) -> Iterator[None]:
        ours = connections["default"]
        own = postgresql(self.url) if self.url else sqlite(self.home / "instroom.sqlite3")
        chosen = {**connections.settings["default"], **own}
        ours.close()
        connections["default"] = load_backend(chosen["ENGINE"]).DatabaseWrapper(chosen, "default")
        try:
            with MonkeyPatch.context() as patch, override_settings(INSTROOM_HOME=self.home):
                patch.setenv("INSTROOM_HOME", str(self.home))
                yield
        finally:
            connections["default"].close()
            connections["default"] = ours


@contextmanager
def empty_site(home: Path, name: str = "other") -> Iterator[OtherSite]:
    """One that has nothing yet, and of which a server keeps nothing."""
    home.mkdir(mode=0o700, exist_ok=True)
    server = server_url()
    if not server:
        yield OtherSite(home)
        return
    database = f"instroom_{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with psycopg.connect(server, autocommit=True) as administration:
        administration.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        administration.execute(f'CREATE DATABASE "{database}"')
        yield OtherSite(home, urlunsplit(urlsplit(server)._replace(path=f"/{database}")))
        administration.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
