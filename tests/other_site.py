"""A place where another site can be: an empty home folder, and an empty database of the kind of this run."""

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

    def __init__(self, home: Path) -> None:
        self.home = home
        self.home.mkdir(mode=0o700)
        self.url = ""
        if server := server_url():
            self.name = f"instroom_other_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
            self.url = urlunsplit(urlsplit(server)._replace(path=f"/{self.name}"))
            self._administer(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)', f'CREATE DATABASE "{self.name}"')

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

    def close(self) -> None:
        """A server keeps nothing of it."""
        if self.url:
            self._administer(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _administer(self, *statements: str) -> None:
        with psycopg.connect(server_url() or "", autocommit=True) as administration:
            for one in statements:
                administration.execute(one)
