"""How much is measured: the real sizes, or small ones to see that everything runs."""

from typing import NamedTuple


class Scale(NamedTuple):
    """Sizes and repetitions."""

    records: int
    filled: int  # persons in the filled store
    times: int  # of what is ours
    peer_times: int
    start_times: int  # of a small file


REAL = Scale(10_000, 1_000_000, 5, 3, 15)
QUICK = Scale(300, 20_000, 1, 1, 2)
