"""The whole import of a CSV file into an embedded database, compared with other libraries."""

import shutil
from pathlib import Path

from bench import stores
from bench.figures import Figure, Steps, faster, memory, seconds, steps, untargeted
from bench.parts.scale import Scale
from bench.processes import Run, child, progress

DELIVERIES = ("first", "unchanged", "changed")
WORDS = {"first": "first delivery", "unchanged": "the same again", "changed": "3 % changed"}
PEER = "django-import-export"
TUNED = "django-import-export, tuned"
LOOP = "csv.DictReader and a Django loop"
TARGETS = {"first": 20, "unchanged": 40, "changed": 40}
Runs = dict[str, list[Run]]


def measure(files: Path, folder: Path, scale: Scale) -> list[Figure | Steps]:
    """Measure ours and the peers in turns; the slow ones fewer times."""
    times = {PEER: scale.peer_times, TUNED: 1, LOOP: scale.peer_times}
    peers: dict[str, Runs] = {peer: {name: [] for name in DELIVERIES} for peer in times}
    ours: Runs = {name: [] for name in DELIVERIES}
    way: Runs = {name: [] for name in DELIVERIES}
    template = stores.new("SQLite", "whole", folder)
    for number in range(scale.times):
        progress(f"whole import: round {number + 1} of {scale.times}")
        _ours("whole", files, stores.copy(template, f"whole{number}"), ours)
        _ours("way", files, stores.copy(template, f"way{number}"), way)
        for peer in [peer for peer, most in times.items() if number < most]:
            _peer(peer, files, folder, peers[peer])
    figures: list[Figure | Steps] = []
    for name in DELIVERIES:
        middle = scale.middle(ours[name])
        for peer, runs in peers.items():
            target = TARGETS[name] if peer == PEER else None
            figures.append(faster(f"whole import, {WORDS[name]}", middle, peer, scale.middle(runs[name]), target))
        figures.append(
            untargeted(f"the whole way with training and live, {WORDS[name]}", seconds(scale.middle(way[name])))
        )
    peak = max(one.answer["peak_mb"] for runs in ours.values() for one in runs)
    figures.append(memory("peak memory of the whole import, CSV", peak, 120))
    return [*figures, *(steps(f"whole import, {WORDS[name]}", ours[name]) for name in DELIVERIES)]


def _ours(what: str, files: Path, store: stores.Store, into: Runs) -> None:
    for delivery in DELIVERIES:
        file = str(files / f"{delivery}.csv")
        into[delivery].append(child("bench.measured.ours", what, file, environ=store.environ))
    stores.remove(store)


def _peer(peer: str, files: Path, folder: Path, into: Runs) -> None:
    first, later = folder / "peer-first.db", folder / "peer-later.db"
    first.unlink(missing_ok=True)
    for delivery in DELIVERIES:
        progress(f"  {peer}: {WORDS[delivery]}")
        if delivery != "first":
            shutil.copy(first, later)
        database = first if delivery == "first" else later
        into[delivery].append(child("bench.peers", peer, str(files / f"{delivery}.csv"), str(database)))
