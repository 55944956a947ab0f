"""Looks every second after all open sessions together: whether their accounts still stand, and how they use TLS."""

import logging
from typing import Any, Final

from instroom.doors.ftp.background import Background
from instroom.doors.ftp.sessions import Sessions
from instroom.flow.file_server import tls_resumption
from instroom.flow.file_server.account_sign_in import Sight
from instroom.flow.file_server.open_sessions import standing

_PAUSE: Final = 1.0  # seconds
_log = logging.getLogger("instroom.ftp")


class Supervision:
    """While nobody is signed in it asks the database nothing."""

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
        sights, handshakes = self._sessions.sights(), self._sessions.take_handshakes()
        if not (sights or handshakes):
            return

        def look() -> set[Sight]:
            tls_resumption.record(handshakes)
            return standing(sights)

        def on_done(found: set[Sight] | None, error: BaseException | None) -> None:
            self._busy = False
            if found is None:
                _log.error("the open sessions could not be looked at: %s", type(error).__name__)
            else:
                self._sessions.end(sights - found)

        self._busy = True
        self._background.run(look, on_done)
