"""An answer that is computed once every few seconds, however many ask for it."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Final, Generic, TypeVar

Answer = TypeVar("Answer")
_STALE: Final = 60.0  # seconds after which an answer is none: whoever computes the next one hangs


class RecentAnswer(Generic[Answer]):
    """One thread at a time computes it; the others get the one before meanwhile."""

    def __init__(self, compute: Callable[[], Answer], seconds: float) -> None:
        """What was computed less than `seconds` ago is given again."""
        self._compute, self._seconds = compute, seconds
        self._computing = Lock()
        self._last: tuple[float, Answer] | None = None

    def get(self) -> Answer | None:
        """None where there is none yet, or none of the last minute, and another thread still computes it."""
        if (recent := self._younger_than(self._seconds)) is not None:
            return recent
        if not self._computing.acquire(blocking=False):
            return self._younger_than(_STALE)
        try:
            self._last = (time.monotonic(), self._compute())
            return self._last[1]
        finally:
            self._computing.release()

    def forget(self) -> None:
        """Compute it anew at the next question."""
        self._last = None

    def _younger_than(self, seconds: float) -> Answer | None:
        last = self._last
        return last[1] if last and time.monotonic() - last[0] < seconds else None
