"""What goes on until it is stopped refuses, before it listens, tables and files with which it would only do harm."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test import override_settings
from tests.commands import Run, environment
from tests.contracts.customer import SampleCustomer, person, write_csv
from tests.kept_files import path_of
from tests.other_versions import newer_tables, older_tables


@contextmanager
def missing_mount() -> Iterator[None]:
    """Whatever tests before have left there."""
    there = path_of("")
    away = there.rename(there.with_name("files.away"))
    yield
    away.rename(there)


TROUBLES = {
    older_tables: "is of another version. Bring it up to date with: instroom upgrade",
    newer_tables: "is of a newer version than this Instroom",
    missing_mount: "instroom init --adopt-files",  # tests before may have left files of theirs there
}


@pytest.mark.on_postgresql
@pytest.mark.parametrize("trouble", TROUBLES)
def test_no_door_opens_on_what_is_not_its_site(run: Run, tmp_path: Path, trouble) -> None:
    with trouble():
        for command in (("worker", "--once"), ("worker",), ("web",), ("ftp",), ("watch", tmp_path), ("serve",)):
            ran = run(*command, "--lang", "en")
            assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1) and TROUBLES[trouble] in ran.err


def test_a_command_says_that_the_files_are_away(run: Run, tmp_path: Path) -> None:
    file, customer = write_csv(tmp_path / "personen.csv", [person("1")]), SampleCustomer().name
    with override_settings(INSTROOM_FILES=tmp_path / "weg"):
        for lang, said in (("en", "which cannot be reached"), ("nl", "niet te bereiken")):
            ran = run("deliver", file, "--customer", customer, "--lang", lang)
            assert (ran.code, ran.err.count("\n")) == (3, 1) and said in ran.err and str(tmp_path / "weg") in ran.err


STOPPED_WHILE_COLLECTING = """
import os, signal, sys, weakref
import django
django.setup()
from instroom.doors.cli import database, main

def lose_something():
    class Held: pass
    held = Held()
    reference = weakref.ref(held, lambda _: os.kill(os.getpid(), signal.SIGTERM))
    del held
    print("goes on")

database.say_taken_in = lose_something
sys.argv[1:] = ["ftp"]
main.main()
"""


@pytest.mark.on_sqlite_alone
def test_sigterm_while_it_starts_ends_it_whatever_python_is_at() -> None:
    """As an exception it was lost there, and systemd had to kill the service after a minute and a half."""
    words = [sys.executable, "-c", STOPPED_WHILE_COLLECTING]
    ran = subprocess.run(words, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
