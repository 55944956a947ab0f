"""Whether this node can do its work now: what a balancer asks before it sends anybody here.

What stands still in the whole site is no reason to take a node out: another one would change nothing about it, and then
nobody could see or approve anything. That is told beside it (`flow.queries.site_work.turns`).
"""

from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.db import DatabaseError

from instroom.flow.queries.site_work import MOST_SECONDS, Turns, turns
from instroom.store.files import disk
from instroom.store.files.store_trial import try_store
from instroom.store.models import Site
from instroom.store.sql.time_limit import reading_within
from instroom.store.table_version import table_version

GOOD: Final = "ok"
_FINE: Final = frozenset({GOOD, "new"})
"""A newer version has upgraded the tables, and leaves room for the one before it: this node began before that, and goes
on until it is replaced."""


class Readiness(NamedTuple):
    checks: dict[str, str]
    """What was looked at → GOOD, or a code of docs/how-to/monitor.md."""
    turns: Turns | None
    """None where the database cannot tell."""

    @property
    def failing(self) -> list[str]:
        """The names of the checks for which this node should get no requests."""
        return [name for name, code in self.checks.items() if code not in _FINE]


def readiness() -> Readiness:
    """Looks at the database, its tables, the store of files and the disk."""
    checks, now = {"database": "away"}, None
    try:
        with reading_within(MOST_SECONDS):
            version = table_version()
        checks = {"database": GOOD, "tables": GOOD if version == "ours" else version}
        if checks["tables"] in _FINE:
            checks["files"], now = try_store(str(Site.objects.get().pk)).fault or GOOD, turns()
    except DatabaseError:
        checks["database"] = "away"
    return Readiness(checks | {"room": _room()}, now)


def _room() -> str:
    try:
        has_room = disk.has_room(Path(settings.INSTROOM_HOME), settings.INSTROOM_FREE_BYTES)
    except OSError:
        return "away"
    return GOOD if has_room else "full"
