"""Plan and apply, without the check, compared with one bare bulk insert of the rows that a first import writes.

The filled store also serves the pages, since filling it takes a minute.
"""

import statistics
from collections import defaultdict
from pathlib import Path

from bench import stores
from bench.figures import Figure, Steps, at_most, steps
from bench.parts import pages
from bench.parts.scale import Scale
from bench.parts.whole import DELIVERIES, WORDS
from bench.processes import Run, child, progress

TARGETS = {"first": 1.6, "unchanged": 0.7, "changed": None}
FILLED_TARGET = 1.5
JUDGE = "judge against what is stored"
Runs = dict[str, list[Run]]


def measure(files: Path, folder: Path, scale: Scale) -> list[Figure | Steps]:
    """Measure on each database: into an empty store, and into a filled one."""
    return [figure for kind in stores.kinds() for figure in _measure(kind, files, folder, scale)]


def _measure(kind: str, files: Path, folder: Path, scale: Scale) -> list[Figure | Steps]:
    """Measure the two stores in turns, so that a busy moment of the machine affects both."""
    template, source, store = _stores(kind, files, folder, scale)
    empty: Runs = defaultdict(list)
    filled: Runs = defaultdict(list)
    for number in range(scale.times):
        progress(f"plan and apply, {kind}: round {number + 1} of {scale.times}")
        _into_empty(template, source, files, number, empty)
        filled["floor"].append(_floor(store, source, "--filled"))
        for name in DELIVERIES:  # each round has its own persons, so that all can use one store
            filled[name].append(_import(store, files / f"round{number}" / f"{name}.csv"))
    progress(f"pages, {kind}")
    shown = pages.measure(store, files, folder)
    stores.remove(store)
    return [*_figures(kind, empty, filled, scale), *shown, *_steps(kind, empty, filled)]


def _stores(kind: str, files: Path, folder: Path, scale: Scale) -> tuple[stores.Store, stores.Store, stores.Store]:
    """An empty store to copy, a store with a first delivery (the floor's rows), and the filled store."""
    template = stores.new(kind, "empty", folder)
    source = stores.copy(template, "source")
    _import(source, files / "first.csv")
    progress(f"filling {kind} with {scale.filled:,} persons")
    filled = stores.copy(template, "filled")
    words = ("fill", str(scale.filled), str(files / "fill" / "first.csv"))
    child("bench.measured.prepare", *words, environ=filled.environ)
    return template, source, filled


def _into_empty(template: stores.Store, source: stores.Store, files: Path, number: int, runs: Runs) -> None:
    store = stores.copy(template, f"floor{number}")
    runs["floor"].append(_floor(store, source))
    stores.remove(store)
    store = stores.copy(template, f"ours{number}")
    for name in DELIVERIES:
        runs[name].append(_import(store, files / f"{name}.csv"))
    stores.remove(store)


def _figures(kind: str, empty: Runs, filled: Runs, scale: Scale) -> list[Figure]:
    figures = []
    for name in DELIVERIES:
        what, target = f"plan and apply, {WORDS[name]}, {kind}", TARGETS[name]
        ours, there = scale.middle(empty[name]), scale.middle(filled[name])
        figures.append(at_most(what, ours, "bare insert", scale.middle(empty["floor"]), target))
        what = f"… into {scale.filled:,} persons"
        figures.append(at_most(what, there, "bare insert there", scale.middle(filled["floor"]), target))
        figures.append(at_most(what, there, "into an empty store", ours, FILLED_TARGET))
    return [*figures, _judging(kind, empty, filled)]


def _steps(kind: str, empty: Runs, filled: Runs) -> list[Steps]:
    stores_of = ((kind, empty), (f"{kind}, filled store", filled))
    return [
        steps(f"plan and apply, {WORDS[name]}, {where}", runs[name]) for where, runs in stores_of for name in DELIVERIES
    ]


def _judging(kind: str, empty: Runs, filled: Runs) -> Figure:
    """The check's queries to the store: removed links, lookalikes, lost zeros."""
    first = [[one.answer["before"][JUDGE] for one in runs["first"]] for runs in (filled, empty)]
    there, nothing = map(statistics.median, first)
    return at_most(f"judging a first delivery against the filled store, {kind}", there, "the empty store", nothing)


def _import(store: stores.Store, file: Path) -> Run:
    return child("bench.measured.ours", "plan", str(file), environ=store.environ)


def _floor(store: stores.Store, source: stores.Store, *more: str) -> Run:
    return child("bench.measured.floor", source.address, *more, environ=store.environ)
