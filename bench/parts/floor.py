"""Plan and apply, the check left out, against one bare bulk insert of the rows that a first import leaves behind."""

import statistics
from collections import defaultdict
from pathlib import Path

from bench import stores
from bench.figures import Figure, Steps, at_most, steps
from bench.parts.scale import Scale
from bench.parts.whole import DELIVERIES, WORDS
from bench.processes import Run, child, progress

TARGETS = {"first": 1.6, "unchanged": 0.7, "changed": None}
FILLED_TARGET = 1.5
JUDGE = "judge against what is stored"
Runs = dict[str, list[Run]]


def measure(files: Path, folder: Path, scale: Scale) -> list[Figure | Steps]:
    """On each database: into an empty store, and into a filled one."""
    return [figure for kind in stores.kinds() for figure in _measure(kind, files, folder, scale)]


def _measure(kind: str, files: Path, folder: Path, scale: Scale) -> list[Figure | Steps]:
    template = stores.new(kind, "empty", folder)
    empty, source = _into_empty(template, files, scale)
    filled = _into_filled(template, source, files, scale)
    figures: list[Figure | Steps] = []
    for name in DELIVERIES:
        what = f"plan and apply, {WORDS[name]}, {kind}"
        ours, target = scale.middle(empty[name]), TARGETS[name]
        figures.append(at_most(what, ours, "bare insert", scale.middle(empty["floor"]), target))
        what, ours_filled = f"… into {scale.filled:,} persons", scale.middle(filled[name])
        figures.append(at_most(what, ours_filled, "bare insert there", scale.middle(filled["floor"]), target))
        figures.append(at_most(what, ours_filled, "into an empty store", ours, FILLED_TARGET))
    figures.append(_judging(kind, empty, filled))
    for where, runs in ((kind, empty), (f"{kind}, filled", filled)):
        figures += [steps(f"plan and apply, {WORDS[name]}, {where}", runs[name]) for name in DELIVERIES]
    return figures


def _judging(kind: str, empty: Runs, filled: Runs) -> Figure:
    """What is asked of the store while checking: links that go, resemblances, lost zeros."""
    first = [[one.answer["before"][JUDGE] for one in runs["first"]] for runs in (filled, empty)]
    there, nothing = map(statistics.median, first)
    return at_most(f"judging a first delivery against the filled store, {kind}", there, "the empty store", nothing)


def _into_empty(template: stores.Store, files: Path, scale: Scale) -> tuple[Runs, stores.Store]:
    """The runs, and the store of the first round: the floor's rows come from it."""
    runs: Runs = defaultdict(list)
    source = stores.copy(template, "source")
    _import(source, files / "first.csv")
    for number in range(scale.times):
        progress(f"plan and apply, {template.kind}, empty store: round {number + 1} of {scale.times}")
        store = stores.copy(template, f"floor{number}")
        runs["floor"].append(_floor(store, source))
        stores.remove(store)
        store = stores.copy(template, f"ours{number}")
        for name in DELIVERIES:
            runs[name].append(_import(store, files / f"{name}.csv"))
        stores.remove(store)
    return runs, source


def _into_filled(template: stores.Store, source: stores.Store, files: Path, scale: Scale) -> Runs:
    """Each round has persons of its own, so that the same store serves all of them."""
    runs: Runs = defaultdict(list)
    progress(f"filling {template.kind} with {scale.filled:,} persons")
    store = stores.copy(template, "filled")
    child("bench.measured.prepare", "fill", str(scale.filled), str(files / "fill" / "first.csv"), environ=store.environ)
    for number in range(scale.times):
        progress(f"plan and apply, {template.kind}, filled store: round {number + 1} of {scale.times}")
        runs["floor"].append(_floor(store, source, "--filled"))
        for name in DELIVERIES:
            runs[name].append(_import(store, files / f"round{number}" / f"{name}.csv"))
    stores.remove(store)
    return runs


def _import(store: stores.Store, file: Path) -> Run:
    return child("bench.measured.ours", "plan", str(file), environ=store.environ)


def _floor(store: stores.Store, source: stores.Store, *more: str) -> Run:
    return child("bench.measured.floor", source.address, *more, environ=store.environ)
