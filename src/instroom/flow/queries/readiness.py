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
from instroom.store.files.store_faults import store_fault
from instroom.store.models import Site
from instroom.store.sql.time_limit import reading_within
from instroom.store.table_version import table_version

GOOD: Final = "ok"


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
            version = table_version()
        checks = {"database": GOOD, "tables": GOOD if version == "ours" else version}
        if checks["tables"] == GOOD:
            checks["files"], now = store_fault(str(Site.objects.get().pk)) or GOOD, turns()
    except DatabaseError:
        checks["database"] = "away"
    return Readiness(checks | {"room": _room()}, now)


def _room() -> str:
    try:
        has_room = disk.has_room(Path(settings.INSTROOM_HOME), settings.INSTROOM_FREE_BYTES)
    except OSError:
        return "away"
    return GOOD if has_room else "full"
