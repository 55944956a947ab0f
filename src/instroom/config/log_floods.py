"""Keeps a log readable in a flood: a line a minute for each kind of trouble, with how many more there were.

A trouble is of one kind with another where the record says so (`extra={"kind": …}`), or where both come from the same
place in the code. What it is about, such as a customer, a delivery or an address, makes it another one.
"""

import logging
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from typing import Any, Final

from instroom.config.log_lines import FACTS, without_texts

WINDOW: Final = 60.0  # seconds
MOST_OF_A_KIND: Final = 20
"""Lines of one kind in a minute, each about something else. What comes beyond is counted together."""
_ABOUT: Final = (*(name for name in FACTS if name not in ("kind", "more")), "about")


@dataclass
class _Window:
    """Of one trouble: from when on nothing more is said of it, and what was held back since."""

    began: float
    held: int = 0
    last: logging.LogRecord | None = None


def _later(seconds: float, work: Callable[[], None]) -> None:
    timer = Timer(seconds, work)
    timer.daemon = True
    timer.start()


class SparingHandler(logging.StreamHandler[Any]):
    """Writes each trouble (a warning or worse) at most once a minute. The next line says how many more there were."""

    def __init__(
        self,
        stream: Any = None,
        now: Callable[[], float] = time.monotonic,
        later: Callable[[float, Callable[[], None]], None] = _later,
    ) -> None:
        super().__init__(stream)
        self._now, self._later = now, later
        self._kinds: dict[Hashable, dict[Hashable, _Window]] = {}
        self._is_waiting = False

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.WARNING or self._is_first(record):
            super().emit(record)

    def close(self) -> None:
        """What was held back until now is said."""
        self.acquire()
        try:
            self._end_windows(early=WINDOW)
            self._later = lambda *_: None  # while Python ends no thread begins, and its start would be waited for
        finally:
            self.release()
        super().close()

    def _is_first(self, record: logging.LogRecord) -> bool:
        now = self._now()
        windows = self._kinds.setdefault(_kind_of(record), {})
        for over in [about for about, one in windows.items() if not one.held and now - one.began >= WINDOW]:
            del windows[over]
        about: Hashable = tuple(record.__dict__.get(name) for name in _ABOUT)
        if about not in windows and len(windows) >= MOST_OF_A_KIND:
            about = None
        if about not in windows:
            windows[about] = _Window(now)
            return True
        window = windows[about]
        window.held, window.last = window.held + 1, record
        if not self._is_waiting:
            self._wait()
        return False

    def _wait(self) -> None:
        """Until the first window ends in which something was held back."""
        began = [one.began for windows in self._kinds.values() for one in windows.values() if one.held]
        self._is_waiting = False
        if began:
            with suppress(RuntimeError):  # the machine gives no thread more: the next line tries it again
                self._later(max(0.0, min(began) + WINDOW - self._now()), self._look)
                self._is_waiting = True

    def _look(self) -> None:
        self.acquire()
        try:
            self._end_windows()
            self._wait()
        finally:
            self.release()

    def _end_windows(self, early: float = 0.0) -> None:
        """Those that are a minute old, or will be so within so many seconds. A trouble that goes on has a new one."""
        now = self._now()
        for windows in self._kinds.values():
            for window in windows.values():
                if window.held and window.last and now - window.began >= WINDOW - early:
                    super().emit(_summary(window.last, window.held, now - window.began))
                    window.began, window.held, window.last = now, 0, None


def _summary(last: logging.LogRecord, held: int, seconds: float) -> logging.LogRecord:
    said = f"{without_texts(last).getMessage()} ({held} more in {seconds:.0f} seconds)"
    own = {"msg": said, "args": (), "exc_info": None, "exc_text": None, "created": time.time(), "more": held}
    return logging.makeLogRecord({**vars(last), **own})


def _kind_of(record: logging.LogRecord) -> Hashable:
    if kind := record.__dict__.get("kind"):
        return str(kind)
    error, place = record.exc_info[1] if record.exc_info else None, None
    step = error.__traceback__ if error else None
    while step:
        place, step = (step.tb_frame.f_code.co_filename, step.tb_lineno), step.tb_next
    return record.name, record.pathname, record.lineno, type(error), place
