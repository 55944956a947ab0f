"""Runs one peer on one file in this process and prints seconds and peak memory as JSON.

`python -m bench.peers NAME FILE DATABASE`
"""

import sys
from importlib import import_module
from pathlib import Path

from bench.measured.clock import Clock
from bench.peers import site

PEERS = {
    "django-import-export": ("bench.peers.import_export", "run"),
    "django-import-export, tuned": ("bench.peers.import_export", "run_tuned"),
    "csv.DictReader and a Django loop": ("bench.peers.django_loop", "run"),
}


def main() -> None:
    """Import the file, and print its time and memory."""
    name, file, database = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    site.start(database)
    module, function = PEERS[name]
    run = getattr(import_module(module), function)
    clock = Clock()
    run(file)
    clock.answer()


if __name__ == "__main__":
    main()
