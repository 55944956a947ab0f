"""Whether this node can do its work now: what a balancer asks before it sends anybody here.

What stands still in the whole site is no reason to take a node out: another one would change nothing about it, and then
nobody could see or approve anything. That is told beside it (`flow.queries.site_work.turns`).
"""

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from instroom.flow.queries.site_work import MOST_SECONDS, Turns, turns
from instroom.store.files import disk
from instroom.store.files.store_faults import store_fault
from instroom.store.models import Site
from instroom.store.sql.time_limit import reading_within

GOOD: Final = "ok"
Names = frozenset[tuple[str, str]]


class Readiness(NamedTuple):
    checks: dict[str, str]
    """What was looked at → GOOD, or the code of what is wrong."""
    turns: Turns | None
    """None where the database cannot tell."""

    @property
    def is_ready(self) -> bool:
        return set(self.checks.values()) == {GOOD}


def readiness() -> Readiness:
    """Looks at the database, its tables, the store of files and the disk."""
    checks, now = {"database": "away"}, None
    try:
        with reading_within(MOST_SECONDS):
            applied = frozenset(MigrationRecorder(connection).applied_migrations())
        checks = {"database": GOOD, "tables": _version(applied)}
        if checks["tables"] == GOOD:
            checks["files"], now = store_fault(str(Site.objects.get().pk)) or GOOD, turns()
    except DatabaseError:
        checks["database"] = "away"
    return Readiness(checks | {"room": _room()}, now)


def _version(applied: Names) -> str:
    newest, known = _migrations()
    if newest - applied:
        return "old"
    return "new" if applied - known else GOOD


@cache
def _migrations() -> tuple[Names, Names]:
    """The last ones of this version, and all that it knows. To load them takes a while, and they stay what they are."""
    loader = MigrationLoader(None)
    replaced = {old for one in loader.disk_migrations.values() for old in one.replaces}
    return frozenset(loader.graph.leaf_nodes()), frozenset({*loader.disk_migrations, *replaced})


def _room() -> str:
    try:
        has_room = disk.has_room(Path(settings.INSTROOM_HOME), settings.INSTROOM_FREE_BYTES)
    except OSError:
        return "away"
    return GOOD if has_room else "full"
