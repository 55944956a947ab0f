"""`instroom check FILE` as a whole process: against frictionless, the formats among each other, start-up, memory."""

import statistics
import sys
from pathlib import Path

from bench.figures import Figure, at_most, faster, memory, seconds
from bench.parts.scale import Scale
from bench.processes import Run, progress, run

_INSTROOM = str(Path(sys.executable).with_name("instroom"))


def measure(files: Path, folder: Path, scale: Scale) -> list[Figure]:
    """Measure in turns, so that a busy moment of the machine meets all of them."""
    run([_INSTROOM, "check", str(files / "small" / "first.csv")])  # compiles the modules, once
    run([sys.executable, "-m", "bench.peers.frictionless_check", str(files / "small" / "first.csv")])
    ours: dict[str, list[Run]] = {suffix: [] for suffix in ("csv", "xlsx", "xml")}
    peer: dict[str, list[Run]] = {"csv": [], "xlsx": []}
    for number in range(scale.times):
        progress(f"check: round {number + 1} of {scale.times}")
        for suffix, runs in ours.items():
            runs.append(run([_INSTROOM, "check", str(files / f"first.{suffix}"), "--format", "json"]))
        if number < scale.peer_times:
            for suffix, runs in peer.items():
                words = ["-m", "bench.peers.frictionless_check", str(files / f"first.{suffix}")]
                runs.append(run([sys.executable, *words]))
    times = {suffix: _median(runs) for suffix, runs in ours.items()}
    return [
        faster("check, CSV", times["csv"], "frictionless", _median(peer["csv"]), 5),
        faster("check, XLSX", times["xlsx"], "frictionless", _median(peer["xlsx"])),
        at_most("check, XLSX", times["xlsx"], "check, CSV", times["csv"], 3),
        at_most("check, XML", times["xml"], "check, CSV", times["csv"]),
        _start(files, scale),
        memory("peak memory of check, CSV", max(one.peak_mb for one in ours["csv"]), 120),
        memory("peak memory of check, XLSX", max(one.peak_mb for one in ours["xlsx"]), 150),
        memory("peak memory of check, XML", max(one.peak_mb for one in ours["xml"])),
        memory("peak memory of frictionless, CSV", max(one.peak_mb for one in peer["csv"])),
    ]


def _start(files: Path, scale: Scale) -> Figure:
    """A file of ten records against a Python that does nothing."""
    progress("check: start-up")
    small, bare = [], []
    for _ in range(scale.start_times):
        small.append(run([_INSTROOM, "check", str(files / "small" / "first.csv")]))
        bare.append(run([sys.executable, "-c", "pass"]))
    more = _median(small) - _median(bare)
    beside = f"python -c pass: {seconds(_median(bare))}"
    return Figure(
        "check of 10 records", seconds(_median(small)), beside, f"+ {more * 1000:.0f} ms", "≤ + 150 ms", more <= 0.150
    )


def _median(runs: list[Run]) -> float:
    return statistics.median(one.seconds for one in runs)
