"""Sums that only grow, of all processes of a site: how often, and how long.

A process counts in memory, and adds what it has counted to the rows of the site every few seconds, in one statement of
its own. So counting delays no step and no sign-in, nobody waits for another's transaction, and any web server can tell
the sums of all. A process that is killed takes the last seconds of its counts with it.

Why: docs/adr/0047-sums-in-rows.md.
"""

from collections import defaultdict
from threading import Lock
from typing import Final

from django.db import connection

from instroom.store.models import Tally

BUCKETS: Final = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, float("inf"))
"""Seconds: how long something took is counted in the first one that it does not exceed."""
_lock = Lock()
_counted: dict[tuple[str, str], float] = defaultdict(float)


def add(name: str, label: str, number: float = 1) -> None:
    """Count in memory: it asks nothing of the database."""
    _add({(name, label): number})


def observe(name: str, label: str, seconds: float) -> None:
    """Count how long something took: its bucket, and the sum of seconds."""
    bucket = next(most for most in BUCKETS if seconds <= most)
    _add({(name, f"{label} {bucket:g}"): 1.0, (name, f"{label} sum"): seconds})


def flush() -> None:
    """Add what was counted since the last time to the rows. Raises DatabaseError; then it stays for the next time."""
    with _lock:
        counted = sorted(_counted.items())  # in one order: two processes then never wait for each other in a circle
        _counted.clear()
    if not counted:
        return
    table = Tally._meta.db_table
    rows = ", ".join(["(%s, %s, %s)"] * len(counted))
    query = f"""INSERT INTO {table} (name, label, total) VALUES {rows}
        ON CONFLICT (name, label) DO UPDATE SET total = {table}.total + excluded.total"""  # noqa: S608
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, [value for (name, label), total in counted for value in (name, label, total)])
    except BaseException:
        _add(dict(counted))
        raise


def totals() -> dict[tuple[str, str], float]:
    """By name and label, as far as they have been added."""
    return {(one.name, one.label): one.total for one in Tally.objects.all()}


def _add(counts: dict[tuple[str, str], float]) -> None:
    with _lock:
        for key, number in counts.items():
            _counted[key] += number
