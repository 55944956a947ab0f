"""The herd's files: one per customer, identical at each run, written once and kept in a temporary folder.

Their sizes are those of a log-normal distribution: half the customers have fewer than 560 records, a tenth more than
2,600, none fewer than 100 or more than 10,000, and the mean is 1,100.
"""

import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from math import exp
from pathlib import Path
from random import Random
from statistics import NormalDist

from bench import deliveries

SMALLEST, MEDIAN, LARGEST = 100, 560, 10_000
SPREAD = 1.2  # of the logarithm
SEED = 2026


def sizes(customers: int) -> list[int]:
    """The records of each customer's file, in an order that has nothing to do with them."""
    shares = [(number + 0.5) / customers for number in range(customers)]
    sizes = [round(MEDIAN * exp(SPREAD * NormalDist().inv_cdf(share))) for share in shares]
    sizes = [min(LARGEST, max(SMALLEST, size)) for size in sizes]
    Random(SEED).shuffle(sizes)  # noqa: S311 - made-up data, nothing secret
    return sizes


def make(customers: int) -> Path:
    """Make the files that are not there yet, and return their folder."""
    folder = Path(tempfile.gettempdir()) / f"instroom-herd-{customers}"
    folder.mkdir(exist_ok=True)
    missing = [
        (folder / f"{number:05}.csv", size, SEED + number)
        for number, size in enumerate(sizes(customers))
        if not (folder / f"{number:05}.csv").exists()
    ]
    with ProcessPoolExecutor() as processes:
        for _ in processes.map(_write, *zip(*missing, strict=True), chunksize=10) if missing else ():
            pass
    return folder


def _write(target: Path, records: int, seed: int) -> None:
    unfinished = target.with_suffix(f".{os.getpid()}.csv")
    deliveries.write(deliveries.first(records, seed), unfinished)
    unfinished.rename(target)
