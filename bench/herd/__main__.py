"""Measures one o'clock: `python -m bench.herd --customers 2000 --workers 1,2,4`.

It needs a PostgreSQL server that INSTROOM_TEST_POSTGRES_URL names, on this machine, and writes what it has measured as
JSON. With `--write` that is also kept beside this module, and docs/explanation/scale.md gets its tables.
"""

import argparse
import json
import tempfile
from pathlib import Path

import psycopg

from bench import machine, stores
from bench.herd import files, night, page
from bench.processes import keep_bytecode, progress

_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size", "work_mem")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.herd", description=__doc__)
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--workers", default="1,2,4", help="how many at once: a night for each number")
    parser.add_argument("--write", action="store_true", help="keep the figures, and write the page's tables")
    options = parser.parse_args()
    progress("making the files, where they are not there yet")
    folder_of_files = files.make(options.customers)
    with tempfile.TemporaryDirectory(prefix="instroom-herd-stores-") as name:
        keep_bytecode(Path(name) / "bytecode")
        progress("receiving")
        received, receiving = night.receive(Path(name), folder_of_files, options.customers)
        nights = [night.measure(received, int(workers)) for workers in options.workers.split(",")]
        facts = {**_facts(received), "customers": options.customers, "receiving": receiving, "nights": nights}
        stores.remove(received)
    print(json.dumps(facts, indent=2))
    if options.write:
        page.write(facts)


def _facts(store: stores.Store) -> dict[str, object]:
    with psycopg.connect(store.address) as database:
        settings = {name: database.execute(f"SHOW {name}".encode()).fetchall()[0][0] for name in _SETTINGS}
    return {**machine.facts(), "settings": settings}


if __name__ == "__main__":
    main()
