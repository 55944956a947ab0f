"""How a process that goes on until it is stopped is told so."""

import signal
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread


def when_stopped(end: Callable[[], object]) -> None:
    """Do this at SIGTERM or Ctrl+C, in a thread of its own.

    A handler interrupts the main thread anywhere. What it raises is lost in a clean-up such as `__del__`, and a lock
    that it wants may be held by what it interrupts: `Event.set` waits for ever in `Event.wait`. `SimpleQueue.put` is
    made for that.
    """
    told = SimpleQueue[int]()
    Thread(target=lambda: (told.get(), end()), name="stop", daemon=True).start()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda number, _: told.put(number))
