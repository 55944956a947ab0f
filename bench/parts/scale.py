"""The sizes of a measurement: the real ones, or small ones to see that everything runs."""

import statistics
from collections.abc import Sequence
from typing import Literal, NamedTuple

from bench.processes import Run


class Scale(NamedTuple):
    """Sizes of files and stores, and numbers of repetitions."""

    records: int
    filled: int  # persons in the filled store
    times: int  # of what is ours
    peer_times: int
    start_times: int  # of a small file
    upload_mb: int
    sessions: int
    clock: Literal["seconds", "cpu"] = "seconds"  # elapsed time, or processor time

    def middle(self, runs: Sequence[Run]) -> float:
        """The median of the times that the processes measured themselves, without start-up."""
        return statistics.median(one.answer[self.clock] for one in runs)

    def middle_whole(self, runs: Sequence[Run]) -> float:
        """The median time of whole processes, start-up included."""
        return statistics.median(one.seconds if self.clock == "seconds" else one.cpu for one in runs)


REAL = Scale(10_000, 1_000_000, 5, 3, 15, 64, 200)
QUICK = Scale(300, 20_000, 1, 1, 2, 4, 20)
