"""When the garbage collector need not look.

A delivery is many small objects that live until a step is done and hold no cycles; looking through them again and again
took a quarter of the time (docs/reference/performance.md).
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No collection within; a step is bounded by the limits of a file, so memory is too."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
