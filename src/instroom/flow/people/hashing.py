"""Lets few passwords be hashed at once, so that a flood of sign-ins does not take the processor from everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

from instroom.core.errors import NotAllowed

AT_ONCE: Final = 2
"""In one process."""
WAITING: Final = 4
"""For their turn. Whoever comes next is told to try again."""
_PLACES: Final = BoundedSemaphore(AT_ONCE + WAITING)
_TURNS: Final = BoundedSemaphore(AT_ONCE)


class Busy(NotAllowed):
    """Too many passwords are being checked: this one was not looked at, and counts for nothing."""


@contextmanager
def one_hash() -> Iterator[None]:
    """Wait for a turn to hash one password. Raises Busy where too many wait."""
    if not _PLACES.acquire(blocking=False):
        raise Busy("sign-in-busy")
    try:
        with _TURNS:
            yield
    finally:
        _PLACES.release()
