"""Recurring maintenance: takes in files that were left behind, writes answers, and deletes old uploads."""

import logging
from typing import Any, Final

from instroom.config.file_server import FileServerSettings
from instroom.doors.ftp.background import Background
from instroom.flow.file_server.account_answers import answer_all, is_kept_answer
from instroom.flow.file_server.removing import delete_folders
from instroom.flow.file_server.take_in import take_in_all
from instroom.flow.file_server.throttled_log import DailyWarning
from instroom.flow.file_server.upload_names import settle_names
from instroom.store.files.uploads import tidy

_PAUSE: Final = 1.0  # seconds
_TIDY_EVERY: Final = 600  # rounds
_SETTLE_EVERY: Final = 5  # rounds
_LEFT_BEHIND: Final = 5.0  # seconds after which a waiting file counts as left behind
_KEEP_UPLOADS: Final = 86_400.0  # seconds
_warning: Final = DailyWarning(logging.getLogger("instroom.ftp"))


class Rounds:
    """Does a round every second for as long as the loop runs, never two at once."""

    def __init__(self, loop: Any, settings: FileServerSettings) -> None:
        self._folder, self._resume = settings.folder, settings.resume
        self._background = Background(loop, 1, "ftp-rounds")
        self._busy = False
        self._count = 0
        loop.call_every(_PAUSE, self.begin)

    def stop(self) -> None:
        """Wait for the current round to end."""
        self._background.stop()

    def begin(self) -> None:
        """Start a round, unless one is running. The first takes in everything that was left behind."""
        if not self._busy:
            self._busy = True
            self._background.run(self._do_round, self._on_ended)

    def _do_round(self) -> None:
        if self._count % _SETTLE_EVERY == 0:
            settle_names(self._folder)
        take_in_all(self._folder, 0 if self._count == 0 else _LEFT_BEHIND)
        answer_all(self._folder)
        if self._count % _TIDY_EVERY == 0:
            tidy(self._folder, max(_KEEP_UPLOADS, self._resume), is_kept_answer)
            delete_folders(self._folder)

    def _on_ended(self, _: Any, error: BaseException | None) -> None:
        self._busy = False
        self._count += 1
        if error:
            _warning.warn("a round failed and is tried again", type(error).__name__, logging.ERROR)
