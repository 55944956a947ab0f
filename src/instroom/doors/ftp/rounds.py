"""What is looked after now and then: files that were not taken in at once, answers, and what nobody comes back for."""

import logging
from typing import Any, Final

from instroom.config.file_server import FileServerSettings
from instroom.doors.ftp.background import Background
from instroom.flow.file_server.account_answers import answer_all
from instroom.flow.file_server.take_in import is_answer, take_in_all
from instroom.store.files.uploads import tidy

_PAUSE: Final = 1.0  # seconds
_TIDY_EVERY: Final = 600  # rounds
_AGE: Final = 5.0  # seconds that a file waits before it counts as left behind
_KEEP: Final = 86_400.0  # seconds
_log = logging.getLogger("instroom.ftp")


class Rounds:
    """Goes round for as long as the loop runs, one round at a time."""

    def __init__(self, loop: Any, settings: FileServerSettings) -> None:
        self._folder, self._resume = settings.folder, settings.resume
        self._background = Background(loop, 1, "ftp-rounds")
        self._going = False
        self._count = 0
        loop.call_every(_PAUSE, self._begin)

    def begin(self) -> None:
        """The first round, which takes in all that was left behind."""
        self._begin()

    def stop(self) -> None:
        """Wait for the round that is going on."""
        self._background.stop()

    def _begin(self) -> None:
        if not self._going:
            self._going = True
            self._background.run(self._go_round, self._ended)

    def _go_round(self) -> None:
        take_in_all(self._folder, 0 if self._count == 0 else _AGE)
        answer_all(self._folder)
        if self._count % _TIDY_EVERY == 0:
            tidy(self._folder, max(_KEEP, self._resume), is_answer)

    def _ended(self, _: Any, error: BaseException | None) -> None:
        self._going = False
        self._count += 1
        if error:
            _log.error("a round broke off, and is gone again: %s", type(error).__name__)
