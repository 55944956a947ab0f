"""One night of the herd with a number of workers: from all files due to the last in live."""

import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench import meters, stores
from bench.processes import Failed, child, progress
from bench.servers import INSTROOM, running

_LOG = "workers.log"
_BETWEEN = 0.25  # seconds between two looks at how far it is
_STANDSTILL = 120.0  # seconds without an end of any delivery
PARTS = os.cpu_count() or 1  # processes that receive and approve

Facts = dict[str, Any]
Database = psycopg.Connection[tuple[Any, ...]]


def receive(folder: Path, files: Path, customers: int) -> tuple[stores.Store, Facts]:
    """A store in which all files have been received, and how fast that was."""
    store = stores.new("PostgreSQL", "herd", folder)
    child("bench.measured.herd", "customers", str(customers), environ=store.environ)
    with psycopg.connect(store.address, autocommit=True) as database:
        database.execute("VACUUM ANALYZE")
        seconds = _together(store, "receive", str(files))
        [[delivered]] = database.execute("SELECT sum(bytes)::float FROM store_delivery").fetchall()
    kept = sum(path.stat().st_size for path in (store.home / "files").rglob("*") if path.is_file())
    sizes = {"delivered_mb": round(delivered / 1e6, 1), "kept_mb": round(kept / 1e6, 1)}
    return store, {"seconds": round(seconds, 1), "processes": PARTS, **sizes}


def measure(received: stores.Store, workers: int) -> Facts:
    """Check, training and plan of all that was received; then, all approved at once, live."""
    store = stores.copy(received, f"herd{workers}")
    with psycopg.connect(store.address, autocommit=True) as database:
        before = _database_mb(database)
        progress(f"{workers} workers: check, training and plan")
        check = _phase(store, database, workers, "received", "awaiting-approval")
        approving = round(_together(store, "approve"), 1)
        progress(f"{workers} workers: live")
        live = _phase(store, database, workers, "approved", "imported")
        grown, tables = round(_database_mb(database) - before, 1), _tables(database)
    stores.remove(store)
    facts = {"approving_seconds": approving, "database_grown_mb": grown, "tables_mb": tables}
    return {"workers": workers, "check": check, "live": live, **facts}


def _together(store: stores.Store, *words: str) -> float:
    """The seconds of `herd WORDS`, in as many processes as there are cores."""
    with ThreadPoolExecutor(PARTS) as threads:
        runs = [
            threads.submit(child, "bench.measured.herd", *words, str(part), str(PARTS), environ=store.environ)
            for part in range(PARTS)
        ]
        return max(one.result().answer["seconds"] for one in runs)


def _phase(store: stores.Store, database: Database, workers: int, before: str, after: str) -> Facts:
    """Run the workers until all is in state `after`. The time begins when the first delivery has left `before`."""
    database.execute("CHECKPOINT")
    server, [[wal]] = meters.server_pid(database), database.execute("SELECT pg_current_wal_lsn()").fetchall()
    sampler = meters.Sampler(store.address)
    with _workers(store, workers) as processes:
        pids = [one.pid for one in processes]
        while _count(database, "=", before) == _all(database):
            _refuse_dead(processes, store)
            time.sleep(0.02)
        begun, used, start = time.time(), meters.processor(pids, server), time.perf_counter()
        sampler.start()
        left, moved = -1, start
        while now_left := _count(database, "<>", after):
            if now_left != left:
                left, moved = now_left, time.perf_counter()
            if time.perf_counter() - moved > _STANDSTILL:
                raise Failed(f"{left} deliveries do not come to {after}: {_standstill(database)}")
            _refuse_dead(processes, store)
            time.sleep(_BETWEEN)
        used = meters.processor(pids, server).since(used)
        peaks = [round(meters.peak_mb(pid)) for pid in pids]
        sampler.stop()
    [[written]] = database.execute("SELECT pg_current_wal_lsn() - %s::pg_lsn", [wal]).fetchall()
    return _facts(database, begun, used, sampler) | {"peak_mb": peaks, "wal_mb": round(float(written) / 1e6)}


def _facts(database: Database, begun: float, used: meters.Processor, sampler: meters.Sampler) -> Facts:
    ends = database.execute(
        "SELECT (counts->>'records')::int, extract(epoch FROM changed_at)::float - %s FROM store_delivery ORDER BY 1",
        [begun],
    ).fetchall()
    records, seconds = sum(size for size, _ in ends), max(end for _, end in ends)
    smallest = [end for _, end in ends[: len(ends) // 10]]
    busy = sum(sampler.busy.values())
    return {
        "records": records,
        "seconds": round(seconds, 1),
        "records_per_second": round(records / seconds),
        "median_end": round(statistics.median(end for _, end in ends), 1),
        "smallest_median_end": round(statistics.median(smallest), 1),
        "smallest_last_end": round(max(smallest), 1),
        "worker_cpu": [round(one, 1) for one in used.workers],
        "database_cpu": round(used.database, 1),
        "other_cpu": round(used.machine - used.database - sum(used.workers), 1),
        "sessions": sampler.sessions,
        "locked_looks": f"{sampler.locked} of {sampler.looks}",
        "waiting": dict(sampler.waiting),
        "statements": {name: f"{100 * count / busy:.0f} %" for name, count in sampler.busy.most_common(6)},
        "statements_at_once": round(busy / sampler.looks, 2),
    }


@contextmanager
def _workers(store: stores.Store, count: int) -> "Iterator[list[subprocess.Popen[bytes]]]":
    with ExitStack() as stack:
        log = stack.enter_context((store.home / _LOG).open("ab"))
        yield [stack.enter_context(running([INSTROOM, "worker"], store.environ, log)) for _ in range(count)]


def _refuse_dead(processes: "list[subprocess.Popen[bytes]]", store: stores.Store) -> None:
    if any(one.poll() is not None for one in processes):
        raise Failed(f"a worker has ended: {(store.home / _LOG).read_text(encoding='utf-8')[-3000:]}")


def _count(database: Database, comparison: str, state: str) -> int:
    found = database.execute(f"SELECT count(*) FROM store_delivery WHERE state {comparison} %s", [state])  # noqa: S608
    return int(found.fetchall()[0][0])


def _all(database: Database) -> int:
    return int(database.execute("SELECT count(*) FROM store_delivery").fetchall()[0][0])


def _standstill(database: Database) -> str:
    """How many deliveries are in which state, and what the database's sessions do."""
    states = dict(database.execute("SELECT state, count(*) FROM store_delivery GROUP BY state").fetchall())
    sessions = database.execute(
        "SELECT state, wait_event, now() - state_change, left(query, 200) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY state_change"
    )
    return "\n".join(map(str, (states, *sessions.fetchall())))


def _database_mb(database: Database) -> float:
    return float(database.execute("SELECT pg_database_size(current_database()) / 1e6").fetchall()[0][0])


def _tables(database: Database) -> dict[str, float]:
    """The megabytes of each table that is more than a hundredth of the database, its indexes included."""
    found = database.execute(
        "SELECT relname, pg_total_relation_size(relid) / 1e6 FROM pg_stat_user_tables"
        " WHERE pg_total_relation_size(relid) > pg_database_size(current_database()) / 100 ORDER BY 2 DESC"
    )
    return {name: round(float(mb), 1) for name, mb in found.fetchall()}
