"""What goes wrong each time that one looks is told once, and again each day for as long as it lasts."""

import logging
import time
from typing import Final

from instroom.core.errors import InstroomError

_DAY: Final = 86_400.0  # seconds
_MOST: Final = 10_000  # whoever makes ever new trouble does not fill our memory


def why(error: Exception) -> str:
    """What went wrong, in the same words each time. The text of what nobody expected may quote a person's data."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error) if isinstance(error, InstroomError) else type(error).__name__


class SaidOnce:
    """Tells a log."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._said: dict[tuple[str, str], float] = {}

    def say(self, about: str, message: str) -> None:
        """Warn of something, unless the same was said of it within a day."""
        now = time.monotonic()
        if now - self._said.get((about, message), -_DAY) < _DAY:
            return
        if len(self._said) >= _MOST:
            self._said.clear()
        self._said[about, message] = now
        self._log.warning("%s: %s", about, message)
