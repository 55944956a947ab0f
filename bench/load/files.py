"""The files of the load: for each customer the one of the herd, which it delivered before, and what comes after it."""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

from bench import deliveries
from bench.herd import files as herd
from bench.parts.pages import spoilt

CHANGED = 3
"""Files of each customer that differ by 3 % from the one before."""
_SPOILT = 5  # one customer in so many also has a file with faults


class Files:
    """Files by the number of their customer."""

    def __init__(self, folder: Path, customers: int) -> None:
        self.delivered, self._folder = herd.make(customers), folder
        folder.mkdir()
        with ProcessPoolExecutor() as processes:
            list(processes.map(_write_changed, [folder] * customers, range(customers), herd.sizes(customers)))
        for number in range(0, customers, _SPOILT):
            spoilt(self.delivered / f"{number:05}.csv", folder / f"{number:05}-spoilt.csv")

    def changed(self, customer: int, turn: int) -> bytes:
        return (self._folder / f"{customer:05}-{turn % CHANGED}.csv").read_bytes()

    def any(self, customer: int, chosen: Random) -> bytes:
        """Now and then one with faults, where the customer has that."""
        faulty = self._folder / f"{customer:05}-spoilt.csv"
        if faulty.exists() and chosen.random() < 0.5:
            return faulty.read_bytes()
        return self.changed(customer, chosen.randrange(CHANGED))


def _write_changed(folder: Path, number: int, records: int) -> None:
    content = deliveries.first(records, herd.SEED + number)
    for turn in range(CHANGED):
        content = deliveries.changed(content, seed=turn)
        deliveries.write(content, folder / f"{number:05}-{turn}.csv")
