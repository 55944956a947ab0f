"""Looks every few seconds at what the site holds: memory, open files, threads, database."""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from threading import Event, Thread
from typing import Any

import psycopg

from bench import meters
from bench.load.answers import clock
from bench.load.site import Site
from bench.stores import Store

_BETWEEN = 5.0  # seconds
_MINUTE = 60


class Watch:
    def __init__(self, store: Store, site: Site) -> None:
        self._store, self._site = store, site
        self._looks: list[tuple[float, dict[int, meters.Use]]] = []
        self.database: list[dict[str, Any]] = []

    @contextmanager
    def looking(self) -> Iterator[None]:
        """For the length of the `with` block."""
        stop = Event()
        thread = Thread(target=self._look, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _look(self, stop: Event) -> None:
        while not stop.wait(_BETWEEN):
            now = time.time()
            self._looks.append((now, meters.uses(self._site.pids)))
            if not self.database or now - self.database[-1]["at"] > _MINUTE:
                self.database.append({"at": now, **_database(self._store)})

    def processes(self) -> dict[str, dict[str, Any]]:
        """By command: the growth of its memory in MB an hour, its most, and a line a minute."""
        pids = {pid: use.command for _, looks in self._looks for pid, use in looks.items()}
        return {f"{command} {pid}": self._process(pid) for pid, command in pids.items()}

    def _process(self, pid: int) -> dict[str, Any]:
        found = [(at, looks[pid]) for at, looks in self._looks if pid in looks]
        minutes = {int(at // _MINUTE): (at, use) for at, use in reversed(found)}
        lines = [
            {
                "at": clock(at),
                "rss_mb": round(use.rss_mb),
                "pss_mb": round(use.pss_mb),
                "files": use.files,
                "threads": use.threads,
            }
            for at, use in sorted(minutes.values())
        ]
        growth = {
            name: round(_growth([(at, getattr(use, name)) for at, use in found]), 1)
            for name in ("rss_mb", "pss_mb", "files", "threads")
        }
        most = {name: round(max(getattr(use, name) for _, use in found)) for name in growth}
        return {"growth_an_hour": growth, "most": most, "minutes": lines}


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
