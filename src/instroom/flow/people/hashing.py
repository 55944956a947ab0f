"""Limits how many passwords are hashed at once, so that a flood of sign-ins leaves processor time for others."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

from instroom.core.errors import NotAllowed

AT_ONCE: Final = 2
"""In one process."""
WAITING: Final = 4
"""How many wait for their turn. More are told to try again."""
_PLACES: Final = BoundedSemaphore(AT_ONCE + WAITING)
_TURNS: Final = BoundedSemaphore(AT_ONCE)


class Busy(NotAllowed):
    """Too many passwords are being checked. This one was not looked at, and does not count as an attempt."""


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
