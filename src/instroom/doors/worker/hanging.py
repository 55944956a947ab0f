"""Ends this worker where one of its threads hangs: its supervisor starts it again, and what it held is taken over.

A thread that gets on uses processor time, if only to see whether the database has answered. The alarm of `faulthandler`
is put off as long as each of them gets on. It needs nothing of the interpreter, so that it also goes off where a thread
lets no other one run. It writes where each thread stands, and no values.
"""

import faulthandler
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from threading import Event, Thread, current_thread, get_ident
from typing import Final

from instroom.store import leases

STILL: Final = 120.0
"""Seconds without any processor time after which a thread hangs. The longest of a legal file was under 1, of a disk of
another machine that is taken over it may be 90."""
_LOOK: Final = 5.0  # seconds between two looks
_AT_ONCE: Final = 0.1  # seconds; it takes none but above 0
_log = logging.getLogger(__name__)


class _AtWork:
    """A thread that is at work, and since when it stands still."""

    def __init__(self) -> None:
        self.name, self._clock = current_thread().name, time.pthread_getcpuclockid(get_ident())
        self._used, self._since = -1.0, time.monotonic()

    def stands_still(self) -> float:
        """For how many seconds it has used no processor time."""
        with suppress(OSError):  # it has ended
            if (used := time.clock_gettime(self._clock)) != self._used:
                self._used, self._since = used, time.monotonic()
        return time.monotonic() - self._since


_at_work: dict[int, _AtWork] = {}  # by the number of the thread


def watched(work: Callable[[], object]) -> Callable[[], object]:
    """Work in which a thread may hang. It may not wait for another thread in it."""

    @wraps(work)
    def at_work() -> object:
        _at_work[get_ident()] = _AtWork()
        try:
            return work()
        finally:
            del _at_work[get_ident()]

    return at_work


@contextmanager
def ending_where_it_hangs(still: float = STILL, look: float = _LOOK) -> Iterator[None]:
    """Watch over this process meanwhile."""
    end = Event()
    thread = Thread(target=_watch, args=(end, still, look), name="hanging", daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()
        faulthandler.cancel_dump_traceback_later()


def _watch(end: Event, still: float, look: float) -> None:
    while not end.is_set():
        stands_still, name = max(((one.stands_still(), one.name) for one in list(_at_work.values())), default=(0.0, ""))
        left = still - stands_still
        if left < look:
            _log.error("the thread %s has done nothing for %d s: this worker ends itself", name, stands_still)
        if leases.longest_step() > leases.LONGEST:
            _log.error("a step takes longer than %d s: this worker ends itself", leases.LONGEST)
            left = 0
        faulthandler.dump_traceback_later(max(left, _AT_ONCE), exit=True)
        end.wait(look)
