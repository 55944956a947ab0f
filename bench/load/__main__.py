"""Uses a whole site for a while, as people and programs do: `python -m bench.load --minutes 30 --database sqlite`.

It browses, asks the API, uploads by web, FTPES and FTPS, has files due at set moments, approves, refuses, undoes, and
reads the metrics. It writes what it measured as JSON, and after that the errors and a table. With `--write` the figures
are also kept beside this module, and docs/explanation/load.md gets its tables. PostgreSQL must be named by
INSTROOM_TEST_POSTGRES_URL, as `scripts/with_postgres.py --durable` does. Exit code 1: something went wrong.
"""

import argparse
import json
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock
from typing import Any

from bench import stores
from bench.herd import files as herd
from bench.load import page, visitors
from bench.load.answers import Answers, clock, share
from bench.load.files import Files
from bench.load.site import SERVERS, running_site
from bench.load.visitors import Visitor, Work, World
from bench.load.watch import Watch
from bench.processes import child, keep_bytecode, progress, quiet_loop

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_AFTER_NIGHT = 20.0  # seconds
_SETTLING = 300.0  # seconds in which all that is open must end


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument(
        "--servers", choices=SERVERS, default="serve", help="one process with its worker, or three apart"
    )
    parser.add_argument("--customers", type=int, default=50)
    parser.add_argument("--browsers", type=int, default=8, help="people who look at a page a second")
    parser.add_argument("--write", action="store_true", help="keep the figures, and write the page's tables")
    options = parser.parse_args()
    loop = min(quiet_loop() for _ in range(5))
    with tempfile.TemporaryDirectory(prefix="instroom-load-") as name:
        keep_bytecode(Path(name) / "bytecode")
        facts = _load(Path(name), options)
    facts = {**_machine(), "loop_ms": round(1000 * loop), **facts}
    print(json.dumps(facts, indent=2))
    print("\n".join(("", page.summary(facts), "", *(f"error: {one}" for one in facts["errors"]))))
    if options.write:
        page.write(f"{options.database} {options.servers}", facts)
    return 1 if facts["errors"] else 0


def _load(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    progress("making the files")
    files = Files(folder / "files", options.customers)
    files.make()
    progress("making the customers, with what they delivered before")
    store = stores.new(KINDS[options.database], "load", folder)
    words = ("customers", str(options.customers), str(herd.make(options.customers)))
    made = child("bench.measured.load", *words, environ=store.environ).answer
    with running_site(store, options.servers) as site:
        nights = child("bench.measured.load", "nights", str(options.minutes), environ=store.environ).answer["nights"]
        world, began = World(site, Answers(), files, made["tokens"], nights, Lock()), time.time()
        end = max(began + 60 * options.minutes, nights[-1] + _AFTER_NIGHT)
        progress(f"{options.minutes:g} minutes, with files due at {', '.join(map(clock, nights))}")
        deciders = [(visitors.approving(world, "decider", world.customers[part::2]), 0.3) for part in range(2)]
        watch = Watch(store, site)
        with at_work(deciders) as deciding:
            with at_work(_users(world, made["people"][: options.browsers])) as using, watch.looking():
                time.sleep(end - time.time())
            ended = time.time()
            progress("until all that is open has ended")
            settled = _settled(store)
        done = child("bench.measured.load", "ended", environ=store.environ).answer
        complaints = site.complaints()
    stores.remove(store)
    broken = [f"the tool itself: {one.broke!r}" for one in (*deciding, *using) if one.broke]
    errors = [*broken, *world.answers.errors(), *(f"log: {line}" for line in complaints)]
    errors += [f"have not ended: {', '.join(done['open'])}"] * (not settled)
    errors += [f"{count} deliveries have failed" for state, count in done["states"].items() if state == "failed"]
    errors += [f"belongs to nobody: {one}" for one in done["orphans"]]
    steps = [(begin, last) for begin, last in done["steps"] if last > began]
    return {
        "database": options.database,
        "servers": options.servers,
        "minutes": round((ended - began) / 60, 1),
        "customers": options.customers,
        "nights": len(nights),
        "states": done["states"],
        "steps": len(steps),
        "share_beside": round(share(steps, began, ended), 2),
        "answers": world.answers.table(steps),
        "processes": watch.processes(),
        "database_looks": watch.database,
        "errors": errors,
    }


def _users(world: World, people: Sequence[str]) -> list[tuple[Work, float]]:
    """What they do, with their pauses in seconds."""
    suppliers = [name for name in people if name.startswith("supplier")]
    found = [(visitors.browsing(world, name), 1.0) for name in people]
    found += [(visitors.asking(world), 5.0)] * 2
    found += [(visitors.delivering(world, name), 15.0) for name in suppliers]
    found += [(visitors.uploading(world), 15.0) for _ in range(2)]
    return [
        *found,
        (visitors.uploading_for_nights(world), 0.5),
        (visitors.undoing(world), 20.0),
        (visitors.scraping(world), 15.0),
    ]


def _settled(store: stores.Store) -> bool:
    end = time.time() + _SETTLING
    while time.time() < end:
        if not child("bench.measured.load", "open", environ=store.environ).answer["open"]:
            return True
        time.sleep(2)
    return False


@contextmanager
def at_work(works: Sequence[tuple[Work, float]]) -> Iterator[list[Visitor]]:
    """Each does its work, with pauses of so many seconds on average, for the length of the `with` block."""
    stop = Event()
    visiting = [Visitor(work, pause, stop) for work, pause in works]
    for one in visiting:
        one.start()
    try:
        yield visiting
    finally:
        stop.set()
        for one in visiting:
            one.join()


def _machine() -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}",
        "software": f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {stores.server_version()}",
    }


if __name__ == "__main__":
    sys.exit(main())
