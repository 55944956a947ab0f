"""`instroom check FILE` as a whole process: against frictionless, the formats among each other, start-up, memory."""

import sys
from pathlib import Path

from bench.figures import Figure, Steps, at_most, faster, memory, seconds
from bench.parts.scale import Scale
from bench.processes import Run, progress, run

_INSTROOM = str(Path(sys.executable).with_name("instroom"))

_START_SECONDS = 0.150


def measure(files: Path, folder: Path, scale: Scale) -> list[Figure | Steps]:
    """Measure in turns, so that a busy moment of the machine affects all of them."""
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
    times = {suffix: scale.middle_whole(runs) for suffix, runs in ours.items()}
    return [
        faster("check, CSV", times["csv"], "frictionless", scale.middle_whole(peer["csv"]), 5),
        faster("check, XLSX", times["xlsx"], "frictionless", scale.middle_whole(peer["xlsx"])),
        at_most("check, XLSX", times["xlsx"], "check, CSV", times["csv"], 3),
        at_most("check, XML", times["xml"], "check, CSV", times["csv"]),
        _start(files, scale),
        memory("peak memory of check, CSV", max(one.peak_mb for one in ours["csv"]), 120),
        memory("peak memory of check, XLSX", max(one.peak_mb for one in ours["xlsx"]), 150),
        memory("peak memory of check, XML", max(one.peak_mb for one in ours["xml"])),
        memory("peak memory of frictionless, CSV", max(one.peak_mb for one in peer["csv"])),
    ]


def _start(files: Path, scale: Scale) -> Figure:
    """A check of ten records, compared with a Python that does nothing."""
    progress("check: start-up")
    small, bare = [], []
    for _ in range(scale.start_times):
        small.append(run([_INSTROOM, "check", str(files / "small" / "first.csv")]))
        bare.append(run([sys.executable, "-c", "pass"]))
    ours, nothing = scale.middle_whole(small), scale.middle_whole(bare)
    more, held = ours - nothing, f"python -c pass: {seconds(nothing)}"
    return Figure(
        "check of 10 records", seconds(ours), held, f"+ {more * 1000:.0f} ms", "≤ + 150 ms", more <= _START_SECONDS
    )
