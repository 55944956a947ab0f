"""Keeps a log readable: a problem that occurs every second is logged once a day for as long as it lasts."""

import logging
import time
from typing import Final

from instroom.core.errors import InstroomError

_DAY: Final = 86_400.0  # seconds
_MOST: Final = 10_000  # an endless variety of problems must not fill the memory


def reason_of(error: BaseException) -> str:
    """The reason, worded the same each time. An unexpected error's text may quote personal data, so it is left out."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error) if isinstance(error, InstroomError) else type(error).__name__


class DailyWarning:
    """Writes each warning to a log at most once a day."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._logged: dict[tuple[str, str], float] = {}

    def warn(self, about: str, message: str, level: int = logging.WARNING) -> None:
        """Warn, unless the same message about the same thing was logged less than a day ago."""
        now = time.monotonic()
        if now - self._logged.get((about, message), -_DAY) < _DAY:
            return
        if len(self._logged) >= _MOST:
            self._logged.clear()
        self._logged[about, message] = now
        self._log.log(level, "%s: %s", about, message, stacklevel=2, extra={"about": about})
