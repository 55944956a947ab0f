"""Looks every few seconds at what the site holds: memory, open files, threads, database."""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import psycopg

from bench import meters
from bench.load.answers import clock
from bench.stores import Store

_MINUTE = 60
_HOLDS = ("rss_mb", "pss_mb", "files", "threads")


class Watch:
    def __init__(self, store: Store, pids: Sequence[int]) -> None:
        self._store, self._pids = store, pids
        self._looks: list[tuple[float, dict[int, meters.Use]]] = []
        self.database: list[dict[str, Any]] = []

    def looking(self) -> Iterator[None]:
        while True:
            now = time.time()
            self._looks.append((now, meters.uses(self._pids)))
            if not self.database or now - self.database[-1]["at"] > _MINUTE:
                self.database.append({"at": now, **_database(self._store)})
            yield

    def processes(self) -> dict[str, dict[str, Any]]:
        """By command: the growth of its memory in MB an hour, its most, and a line a minute."""
        pids = {pid: use.command for _, looks in self._looks for pid, use in looks.items()}
        return {f"{command} {pid}": self._process(pid) for pid, command in pids.items()}

    def _process(self, pid: int) -> dict[str, Any]:
        found = [(at, looks[pid]) for at, looks in self._looks if pid in looks]
        of = {name: [(at, float(getattr(use, name))) for at, use in found] for name in _HOLDS}
        firsts = {int(at // _MINUTE): (at, use) for at, use in reversed(found)}  # of each minute
        return {
            "growth_an_hour": {name: round(_growth(values), 1) for name, values in of.items()},
            "most": {name: round(max(value for _, value in values)) for name, values in of.items()},
            "minutes": [
                {"at": clock(at)} | {name: round(getattr(use, name)) for name in _HOLDS}
                for at, use in sorted(firsts.values())
            ],
        }


def _growth(values: Sequence[tuple[float, float]]) -> float:
    """An hour, by least squares over the last two thirds: before that caches fill."""
    kept = values[len(values) // 3 :]
    if len(kept) < 2:
        return 0.0
    return 3600 * statistics.linear_regression(*zip(*kept, strict=True)).slope


def _database(store: Store) -> dict[str, Any]:
    if store.kind == "SQLite":
        return {"mb": {path.name: round(path.stat().st_size / 1e6, 1) for path in store.home.glob("instroom.sqlite3*")}}
    with closing(psycopg.connect(store.address)) as database:
        sessions, size = database.execute(
            "SELECT count(*), pg_database_size(current_database()) / 1e6 FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()[0]
    return {"mb": {"database": round(float(size), 1)}, "sessions": sessions}
