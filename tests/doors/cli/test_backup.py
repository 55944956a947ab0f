"""`instroom backup` and `instroom restore`, as an operator runs them."""

import json
from pathlib import Path

import pytest
from tests.commands import Run
from tests.other_versions import older_tables

from instroom.config.home import UNFINISHED_RESTORE


def test_a_backup_says_what_it_has_and_that_the_key_is_not_in_it(run: Run) -> None:
    ran = run("backup", "kopie", "--lang", "en")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("Backup made in kopie: the database and ") and "The secret key is not in" in ran.out
    assert not [one for one in (run.folder / "kopie").rglob("*") if one.stat().st_mode & 0o077]
    assert "De geheime sleutel zit in de back-up" in run("backup", "kopie", "--with-secret-key").out
    assert run("backup", "kopie", "--with-secret-key", "--format", "json").document["copied"] == 0
    assert (run.folder / "kopie" / "secret-key").exists()


def test_tables_of_an_older_version_are_backed_up_by_that_version(run: Run) -> None:
    with older_tables():
        ran = run("backup", "kopie", "--lang", "en")
    assert ran.code == 2 and "instroom upgrade" in ran.err
    assert not (run.folder / "kopie").exists()


def test_nothing_works_where_a_restore_did_not_end(run: Run, instroom_home: Path) -> None:
    mark = instroom_home / UNFINISHED_RESTORE
    mark.touch()
    try:
        for command in (["deliveries"], ["worker", "--once"], ["upgrade"], ["init"], ["backup", "kopie"]):
            ran = run(*command, "--lang", "en")
            assert ran.code == 2 and "the site there is not complete" in ran.err, command
    finally:
        mark.unlink()


@pytest.mark.slow
@pytest.mark.on_sqlite_alone
def test_a_backup_becomes_a_site_elsewhere_once_its_key_is_there(run: Run, tmp_path: Path) -> None:
    there = {"INSTROOM_HOME": str(tmp_path / "elders"), "INSTROOM_DATABASE_URL": "", "INSTROOM_LANG": "en"}
    here = {**there, "INSTROOM_HOME": str(tmp_path / "hier")}
    assert run.process("init", "--demo", **here).code == 0
    assert run.process("restore", "kopie", "--verify", **there).err.startswith(
        f"{tmp_path / 'kopie'} holds no complete"
    )
    assert run.process("backup", "kopie", **here).code == 0
    ran = run.process("restore", "kopie", **there)
    assert ran.code == 2 and "holds no secret key" in ran.err
    assert run.process("backup", "kopie", "--with-secret-key", **here).code == 0
    ran = run.process("restore", "kopie", "--verify", "--format", "json", **there)
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["gone"] == []
    assert (tmp_path / "elders" / "secret-key").read_text() == (tmp_path / "hier" / "secret-key").read_text()
    assert run.process("worker", "--once", **there).code == 0
    ran = run.process("restore", "kopie", **there)
    assert ran.code == 1 and "is not empty" in ran.err
