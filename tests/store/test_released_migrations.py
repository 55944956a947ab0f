"""A migration that is released never changes, and a new one lets the version before it go on working."""

import hashlib
from pathlib import Path

import pytest
from django.db import connection, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RunPython,
    RunSQL,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from tests.store.migration_harms import harms

from instroom.store import migrations
from instroom.store.index_operation import AddIndexBesideWork

FOLDER = Path(migrations.__file__).parent
RELEASED = Path(__file__).parent / "released" / "migrations.sha256"
LAST_FREE = 59
"""The newest migration of before the first release: nothing was in use that could have gone on."""


def released() -> dict[str, str]:
    """The SHA-256 of each released migration by its file name, as `sha256sum` writes them."""
    lines = [line.split() for line in RELEASED.read_text(encoding="utf-8").splitlines()]
    return {name: digest for digest, name in lines}


def state_before(name: str | None = None) -> ProjectState:
    """The models as they are before this migration, or after all."""
    loader = MigrationLoader(connection)
    nodes = [("store", name)] if name else loader.graph.leaf_nodes("store")
    return loader.project_state(nodes, at_end=name is None)


@pytest.mark.unstored
def test_a_released_migration_never_changes() -> None:
    for name, digest in released().items():
        file = FOLDER / name
        assert file.exists(), f"{name} is released: databases name it, so it stays. Put it back."
        assert hashlib.sha256(file.read_bytes()).hexdigest() == digest, (
            f"{name} is released: databases have been made by it as it was. Put it back, and add a migration."
        )
    assert len(released()) > LAST_FREE


def test_a_new_migration_lets_the_old_version_go_on() -> None:
    loader = MigrationLoader(connection)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app == "store" and int(name[:4]) > LAST_FREE:
            assert list(harms(migration, state_before(name))) == [], (
                f"{name} breaks the version before it, which works beside it (CONTRIBUTING.md, Add a migration)"
            )


HARMLESS: list[Operation] = [
    AddField("delivery", "nieuw", models.TextField(null=True)),
    AddField("delivery", "nieuw", models.IntegerField(db_default=0)),
    AlterField("customer", "title", models.CharField(max_length=9_999, null=True)),
    AddIndexBesideWork("delivery", models.Index(fields=["state"], name="nieuw")),
]
HARMFUL: list[Operation] = [
    AddField("delivery", "nieuw", models.IntegerField(default=0)),
    AddIndex("delivery", models.Index(fields=["state"], name="nieuw")),
    AlterField("customer", "title", models.IntegerField()),
    AlterField("customer", "title", models.CharField(max_length=2)),
    DeleteModel("Lease"),
    RemoveField("customer", "title"),
    RenameField("customer", "title", "nieuw"),
    RunPython(RunPython.noop),
    RunSQL("SELECT 1"),
]


def migration_of(*operations: Operation, **reasons: str) -> Migration:
    """A migration, with the reasons why some of its operations do no harm."""
    migration = Migration("0999_nieuw", "store")
    migration.operations = [*operations]
    migration.beside_the_old_version = reasons  # type: ignore[attr-defined]
    return migration


@pytest.mark.parametrize("operation", HARMLESS, ids=lambda one: one.describe())
def test_what_is_harmless(operation: Operation) -> None:
    assert list(harms(migration_of(operation), state_before())) == []


@pytest.mark.parametrize("operation", HARMFUL, ids=lambda one: f"{type(one).__name__} {one.describe()}")
def test_what_would_harm(operation: Operation) -> None:
    kind = type(operation).__name__
    assert [harm.partition(":")[0] for harm in harms(migration_of(operation), state_before())] == [kind]
    assert list(harms(migration_of(operation, **{kind: "a reason"}), state_before())) == []


def test_a_table_of_its_own_may_have_anything() -> None:
    table = CreateModel("Nieuw", [("id", models.AutoField(primary_key=True))])
    column = AddField("nieuw", "naam", models.TextField())
    index = AddIndex("nieuw", models.Index(fields=["naam"], name="nieuw_naam"))
    assert list(harms(migration_of(table, column, index), state_before())) == []


def test_what_has_no_transaction_stands_alone() -> None:
    indexes = [AddIndexBesideWork("delivery", models.Index(fields=["state"], name=name)) for name in ("een", "twee")]
    migration = migration_of(*indexes)
    migration.atomic = False
    assert len(list(harms(migration, state_before()))) == 2
    migration.operations.pop()
    assert list(harms(migration, state_before())) == []
