"""Uses a whole site for a while, as people and programs do: `python -m bench.load --minutes 30 --database sqlite`.

It browses, asks the API, uploads by web, FTPES and FTPS, has files due at set moments, approves, refuses, undoes, and
reads the metrics. It writes what it measured as JSON, and after that the errors and a table. With `--write` the figures
are also kept beside this module, and docs/explanation/load.md gets its tables. PostgreSQL must be named by
INSTROOM_TEST_POSTGRES_URL, as `scripts/with_postgres.py --durable` does. Exit code 1: something went wrong.
"""

import argparse
import json
import re
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from threading import Event, Lock
from typing import Any

from bench import machine, stores
from bench.load import page, visitors
from bench.load.answers import Answers, clock, share
from bench.load.files import Files
from bench.load.visitors import Work, World
from bench.load.watch import Watch
from bench.processes import child, keep_bytecode, progress, quiet_loop
from bench.servers import Server, ours

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
SERVERS = {"serve": ("serve",), "apart": ("web", "ftp", "worker")}
_ERROR = re.compile(r"\b(ERROR|CRITICAL|Traceback)\b")
_PASSIVE = 50
_BROWSERS = 8
_AFTER_NIGHT = 20.0  # seconds
_SETTLING = 300.0  # seconds in which all that is open must end


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--servers", choices=SERVERS, default="serve", help="one process, or three apart")
    parser.add_argument("--customers", type=int, default=50)
    parser.add_argument("--write", action="store_true", help="keep the figures, and write the page's tables")
    options = parser.parse_args()
    loop = min(quiet_loop() for _ in range(5))
    with tempfile.TemporaryDirectory(prefix="instroom-load-") as name:
        keep_bytecode(Path(name) / "bytecode")
        facts = {**machine.facts(), "loop_ms": round(1000 * loop), **_load(Path(name), options)}
    print(json.dumps(facts, indent=2))
    print("\n".join(("", page.summary(facts), "", *(f"error: {one}" for one in facts["errors"]))))
    if options.write:
        page.write(f"{options.database} {options.servers}", facts)
    return 1 if facts["errors"] else 0


def _load(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    progress("making the files")
    files = Files(folder / "files", options.customers)
    progress("making the customers, with what they delivered before")
    store = stores.new(KINDS[options.database], "load", folder)
    made = _asked(store, "customers", str(options.customers), str(files.delivered))
    metrics_token, answers = secrets.token_urlsafe(32), Answers()
    settings = {"INSTROOM_METRICS_TOKEN": metrics_token, "INSTROOM_LANG": "en"}
    with ExitStack() as stack:
        site = [stack.enter_context(ours(store, one, _PASSIVE, **settings)) for one in SERVERS[options.servers]]
        ports = {name: port for one in site for name, port in one.ports.items()}
        nights = _asked(store, "nights", str(options.minutes))["nights"]
        world = World(ports, answers, files, made["tokens"], nights, Random(), Lock())  # noqa: S311
        began = time.time()
        end = max(began + 60 * options.minutes, nights[-1] + _AFTER_NIGHT)
        progress(f"{options.minutes:g} minutes, with files due at {', '.join(map(clock, nights))}")
        deciders = [(visitors.approving(world, "decider", world.customers[part::2]), 1.0) for part in range(2)]
        watch = Watch(store, [one.pid for one in site])
        users = [*_users(world, made["people"][:_BROWSERS]), (visitors.scraping(world, metrics_token), 15.0)]
        with _at_work(deciders) as deciding:
            with _at_work([*users, (watch.looking(), 5.0)]) as using:
                time.sleep(end - time.time())
            ended = time.time()
            progress("until all that is open has ended")
            while (still_open := _asked(store, "open")["open"]) and time.time() < ended + _SETTLING:
                time.sleep(2)
        done = _asked(store, "ended")
        errors = [f"the tool itself: {fault!r}" for one in (*deciding, *using) if (fault := one.exception())]
        errors += [*answers.errors(), *_complaints(site)]
    stores.remove(store)
    errors += [f"has not ended: {one}" for one in still_open]
    errors += [f"{done['states']['failed']} deliveries have failed"] if "failed" in done["states"] else []
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
        "answers": answers.table(steps),
        "processes": watch.processes(),
        "database_looks": watch.database,
        "errors": errors,
    }


def _asked(store: stores.Store, *words: str) -> dict[str, Any]:
    return child("bench.measured.load", *words, environ=store.environ).answer


def _users(world: World, people: Sequence[str]) -> list[tuple[Work, float]]:
    """What they do, with their pauses in seconds."""
    return [
        *((visitors.browsing(world, name), 5.0) for name in people),
        *((visitors.delivering(world, name), 15.0) for name in people if name.startswith("supplier")),
        *((visitors.asking(world), 5.0) for _ in range(2)),
        *((visitors.uploading(world), 15.0) for _ in range(2)),
        (visitors.uploading_for_nights(world), 0.5),
        (visitors.undoing(world), 20.0),
    ]


@contextmanager
def _at_work(works: Sequence[tuple[Work, float]]) -> Iterator[list[Future[None]]]:
    """Each in a thread, for the length of the `with` block."""
    stop = Event()
    with ThreadPoolExecutor(len(works)) as threads:
        try:
            yield [threads.submit(visitors.visit, work, pause, stop) for work, pause in works]
        finally:
            stop.set()


def _complaints(site: Sequence[Server]) -> list[str]:
    """The lines of its logs that tell of an error."""
    lines = [line for one in site for line in one.log.read_text(encoding="utf-8").splitlines()]
    return [f"log: {line}" for line in lines if _ERROR.search(line)]


if __name__ == "__main__":
    sys.exit(main())
