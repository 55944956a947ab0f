"""Checks every second whether the open sessions are still valid, and counts how they use TLS."""

import logging
from typing import Any, Final

from instroom.doors.ftp.background import Background
from instroom.doors.ftp.sessions import Sessions
from instroom.flow.file_server import tls_resumption
from instroom.flow.file_server.account_sign_in import SignedIn
from instroom.flow.file_server.open_sessions import still_valid
from instroom.flow.file_server.throttled_log import DailyWarning

_PAUSE: Final = 1.0  # seconds
_warning: Final = DailyWarning(logging.getLogger("instroom.ftp"))


class Supervision:
    """Asks the database nothing while nobody is signed in."""

    def __init__(self, loop: Any, sessions: Sessions) -> None:
        self._sessions = sessions
        self._background = Background(loop, 1, "ftp-supervision")
        self._busy = False
        loop.call_every(_PAUSE, self._begin)

    def stop(self) -> None:
        self._background.stop()

    def _begin(self) -> None:
        if self._busy:
            return
        signed_in, handshakes = self._sessions.signed_in(), self._sessions.take_handshakes()
        if not (signed_in or handshakes):
            return

        def look() -> set[SignedIn]:
            tls_resumption.record(handshakes)
            return still_valid(signed_in)

        def on_done(found: set[SignedIn] | None, error: BaseException | None) -> None:
            self._busy = False
            if found is None:
                _warning.warn("the open sessions could not be checked", type(error).__name__, logging.ERROR)
            else:
                self._sessions.end(signed_in - found)

        self._busy = True
        self._background.run(look, on_done)
