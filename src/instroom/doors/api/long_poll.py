"""Waiting for something to happen, so that programs need not ask every second.

Another process may make it happen, so the database is asked: by key, twice a second. A request that waits holds a
thread of the server. So only half of them may wait; what comes beside them is answered at once.
"""

import time
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Final

from ninja import P, QueryEx

MOST_SECONDS: Final = 60
PLACES: Final = 8  # of the 16 threads of `doors.web.frame.server`
_PAUSE: Final = 0.5  # seconds
_places = BoundedSemaphore(PLACES)

Wait = QueryEx[
    int,
    P(
        ge=0,
        le=MOST_SECONDS,
        description="Wait at most so many seconds for that. If many programs wait already, the answer comes at once.",
    ),
]


def wait_until(happened: Callable[[], bool], seconds: int) -> None:
    """Return when it has happened, or the time is over."""
    if not seconds or happened() or not _places.acquire(blocking=False):
        return
    try:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(_PAUSE, left))
            if happened():
                return
    finally:
        _places.release()
