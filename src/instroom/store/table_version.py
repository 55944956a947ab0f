"""Of which version the tables of the database are, beside this code: what starts, answers machines or upgrades asks."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

TableVersion = Literal["missing", "old", "new", "ours"]
Migrations = frozenset[tuple[str, str]]


def table_version() -> TableVersion:
    """`missing` where no version ever made them. With a migration that this code does not know they are `new`,
    whatever they lack: there is no way back. Raises DatabaseError."""
    applied = frozenset(MigrationRecorder(connection).applied_migrations())
    newest, known = _migrations()
    if not applied:
        return "missing"
    if applied - known:
        return "new"
    return "ours" if all(one in applied or (old and old <= applied) for one, old in newest.items()) else "old"


def is_known(name: str) -> bool:
    """Whether this code has a migration of that name, or one that replaces it."""
    return ("store", name) in _migrations()[1]


@cache
def _migrations() -> tuple[Mapping[tuple[str, str], Migrations], Migrations]:
    """The last ones of this code, each with those that it replaces, and all that it knows. To load them takes a while,
    and they stay what they are."""
    loader = MigrationLoader(None)
    replaces = {name: frozenset(one.replaces) for name, one in loader.disk_migrations.items()}
    newest = {name: replaces[name] for name in loader.graph.leaf_nodes()}
    return newest, frozenset(replaces).union(*replaces.values())
