"""Measures the operator's overview beside many customers: `python -m bench.overview --customers 2000`.

On SQLite, and on the PostgreSQL server that INSTROOM_TEST_POSTGRES_URL names, where there is one. Rows are made up, and
nothing is imported: per customer a connection with thirty nights, a hundred deliveries, fifty mails and fifty calls.
"""

import argparse
import json
import tempfile
from pathlib import Path

from bench import machine, stores
from bench.processes import child, keep_bytecode, progress


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.overview", description=__doc__)
    parser.add_argument("--customers", type=int, default=2000)
    options = parser.parse_args()
    found: dict[str, object] = {"machine": machine.facts(), "customers": options.customers}
    with tempfile.TemporaryDirectory(prefix="instroom-overview-") as name:
        keep_bytecode(Path(name) / "bytecode")
        for kind in stores.kinds():
            progress(f"{kind}: making rows and asking for pages")
            store = stores.new(kind, "overview", Path(name))
            found[kind] = child("bench.measured.overview", str(options.customers), environ=store.environ).answer
            stores.remove(store)
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
