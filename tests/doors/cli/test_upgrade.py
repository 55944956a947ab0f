"""`instroom upgrade`: migrates, says so, and never goes back."""

import pytest
from django.db import connection
from tests.commands import Run
from tests.doors.cli.test_starting import newer_tables
from tests.store.migrating import migrate_singly, migrate_to_newest

from instroom.store.models import User
from instroom.store.table_version import table_version


@pytest.mark.on_postgresql
def test_tables_of_this_version_stay_as_they_are(run: Run) -> None:
    ran = run("upgrade", "--lang", "en")
    assert (ran.code, ran.out) == (0, "") and ran.err.endswith("is of this version already. Nothing has changed.\n")
    assert not User.objects.exists()


@pytest.mark.on_postgresql
@pytest.mark.parametrize("command", ["upgrade", "init"])
def test_tables_of_a_newer_version_are_left_as_they_are(run: Run, command: str) -> None:
    with newer_tables():
        for lang, said in (("en", "is of a newer version"), ("nl", "is van een nieuwere versie")):
            ran = run(command, "--lang", lang)
            assert (ran.code, ran.err.count("\n")) == (2, 1) and said in ran.err


@pytest.mark.slow
@pytest.mark.on_postgresql
@pytest.mark.parametrize("command", ["upgrade", "init"])
def test_tables_of_an_older_version_become_those_of_this_one(run: Run, command: str) -> None:
    try:
        migrate_singly("0057_one_count_of_tries")
        connection.close()
        said = run("deliveries", "--lang", "en").err + run("worker", "--once", "--lang", "en").err
        assert said.count("Bring it up to date with: instroom upgrade") >= 1
        assert run(command, "--lang", "en").code == 0
        assert table_version() == "ours"
        again = run("upgrade", "--lang", "en")
        assert again.err.endswith("Nothing has changed.\n")
    finally:
        migrate_to_newest()


@pytest.mark.on_postgresql
def test_only_postgresql_has_an_application_role(run: Run) -> None:
    assert run("upgrade", "--application-role", "niemand").code == 2
