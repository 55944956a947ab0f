#!/usr/bin/env python3
"""Keeps a small site as one version of Instroom makes it, for the test that upgrades it to every later one.

    scripts/with_postgres.py .venv/bin/python scripts/keep_released.py NAME [--source FOLDER]

It makes tests/store/released/NAME.tar.xz with made-up data alone: the database as SQL of SQLite and of PostgreSQL, the
home beside each, and what the version itself exported then. With --source it runs the version in that checkout.
"""

import argparse
import json
import lzma
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "tests" / "store" / "released"
START = "import sys; from instroom.doors.cli.main import main; sys.exit(main())"
DATABASE = "instroom_released"


class Site:
    """A site of that version, in a folder of its own."""

    def __init__(self, folder: Path, source: Path, url: str | None) -> None:
        self._folder, self._url = folder, url
        settings = {name: text for name, text in os.environ.items() if not name.startswith("INSTROOM_")}
        self._environ = {**settings, "PYTHONPATH": str(source / "src"), "INSTROOM_HOME": str(folder / "home")}
        if url:
            self._environ["INSTROOM_DATABASE_URL"] = url

    def run(self, *arguments: str) -> str:
        """Run a command; gives its standard output. Raises CalledProcessError."""
        command = [sys.executable, "-P", "-c", START, *arguments]
        done = subprocess.run(command, cwd=self._folder, env=self._environ, stdout=subprocess.PIPE, check=True)  # noqa: S603
        return done.stdout.decode("utf-8")

    def knows(self, *command: str) -> bool:
        """Whether that version has the command, or the option."""
        *words, last = command
        return last in self.run(*words, "--help")

    def deliver(self, file: str, text: str) -> str:
        """Deliver a file; gives the id of the delivery, which awaits approval."""
        (self._folder / file).write_text(text, encoding="utf-8")
        delivery: dict[str, str] = json.loads(self.run("deliver", file, "--format", "json"))
        assert delivery["state"] == "awaiting-approval"  # noqa: S101
        return delivery["id"]

    def fill(self) -> None:
        """Two imports in live, one that waits, and what this version knows of programs."""
        self.run("init", *(["--demo"] if self.knows("init", "--demo") else []))
        self.run("template", "--example", "-o", "voorbeeld.csv")
        first = (self._folder / "voorbeeld.csv").read_text(encoding="utf-8")
        second = first.replace("Voorbeeldstad", "Proefstad")
        for file, text in (("eerste.csv", first), ("tweede.csv", second)):
            self.run("approve", self.deliver(file, text))
        self.deliver("derde.csv", second.replace("Hoofd opleidingen", "Opleidingsadviseur"))
        if self.knows("account"):
            self.run("account", "add", "proef-hr")
        if self.knows("connection"):
            self.run("connection", "add", "hr", "--account", "proef-hr", "--file-name", "personen.csv")
        if self.knows("token"):
            self.run("token", "add", "proef")
        if self.knows("webhook"):
            self.run("webhook", "add", "proef", "--address", "https://voorbeeld.example/")
        for environment in ("training", "live"):
            self.run("export", "--environment", environment, "-o", f"{environment}.csv")
        deliveries = self.run("deliveries", "--format", "json")
        (self._folder / "deliveries.json").write_text(deliveries, encoding="utf-8")

    def dump(self) -> None:
        """Write the database as SQL, and take away what it was in."""
        (self._folder / "database.sql").write_text(self._sql(), encoding="utf-8")
        for left in (self._folder / "home").glob("instroom.sqlite3*"):
            left.unlink()

    def _sql(self) -> str:
        if not self._url:
            with closing(sqlite3.connect(self._folder / "home" / "instroom.sqlite3")) as database:
                return "\n".join(database.iterdump())
        find = [ROOT / "scripts" / "postgres-bin"]
        programs = subprocess.run(find, stdout=subprocess.PIPE, check=True, text=True).stdout  # noqa: S603
        dump = [f"{programs.strip()}/pg_dump", "--inserts", "--no-owner", "--no-privileges", self._url]
        lines = subprocess.run(dump, stdout=subprocess.PIPE, check=True).stdout.decode("utf-8").splitlines()  # noqa: S603
        return "\n".join(line for line in lines if not line.startswith("\\"))  # those are psql's own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="of the release, such as 1.2.0")
    parser.add_argument("--source", type=Path, default=ROOT, help="a checkout of that release; by default this one")
    options = parser.parse_args()
    server = os.environ["INSTROOM_TEST_POSTGRES_URL"]
    with psycopg.connect(server, autocommit=True) as administration:
        administration.execute(f'DROP DATABASE IF EXISTS "{DATABASE}"')
        administration.execute(f'CREATE DATABASE "{DATABASE}"')
    with tempfile.TemporaryDirectory() as name:
        urls = {"sqlite": None, "postgresql": server.replace("/postgres?", f"/{DATABASE}?")}
        for kind, url in urls.items():
            folder = Path(name) / kind
            folder.mkdir()
            site = Site(folder, options.source.resolve(), url)
            site.fill()
            site.dump()
        KEPT.mkdir(exist_ok=True)
        out = KEPT / f"{options.name}.tar.xz"
        with lzma.open(out, "wb", preset=9) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
            archive.add(name, ".", filter=_nobodys)
    sys.stderr.write(f"{out.relative_to(ROOT)}: {out.stat().st_size:,} bytes\n")


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    main()
