"""The time that the web's pages take in the server, with a filled store."""

import csv
from pathlib import Path

from bench.figures import Figure, within
from bench.processes import child
from bench.stores import Store

ANSWERED, SEARCHED = 0.2, 0.1  # seconds


def measure(store: Store, files: Path, folder: Path) -> list[Figure]:
    """Each page's p50 and p95, in a store that holds the filled number of persons."""
    faulty = spoilt(files / "first.csv", folder / "faulty.csv")
    run = child("bench.measured.pages", str(files / "first.csv"), str(faulty), environ=store.environ)
    return [
        within(f"page, {store.kind}: {name}", *found, SEARCHED if name.startswith("search") else ANSWERED)
        for name, found in run.answer["pages"].items()
    ]


def spoilt(file: Path, target: Path) -> Path:
    """The same delivery with an impossible date of birth on every third record."""
    with file.open(encoding="utf-8", newline="") as source:
        header, *records = csv.reader(source, delimiter=";")
    column = header.index("PersoonGeboortedatum")
    for record in records[::3]:
        record[column] = "31-02-1980"
    with target.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=";").writerows([header, *records])
    return target
