"""What the server itself refuses, before the application has seen it: content far above the limit, headers without
end, what is no HTTP. It is told as any other failure is, by the application, in the language of who asks."""

import time
from contextlib import suppress
from io import BytesIO
from socket import SHUT_WR
from typing import Any, Final

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask

STATUS: Final = "instroom.refused"
"""The key in the WSGI environment under which the application finds the status to answer."""
_LISTENED: Final = 20.0  # seconds
_BROKEN: Final = 500
_NOTHING_READ: Final = {"command": "GET", "path": "/", "query": "", "request_uri": "/", "url_scheme": "http"}


class Refusal(WSGITask):  # type: ignore[misc]  # waitress has no types
    """Lets the application answer a request that was refused, without its content."""

    def execute(self) -> None:
        """Answer, and close the connection: what else comes on it is no request."""
        self.set_close_on_finish()
        self.channel.refused = True
        if self.request.error.code == _BROKEN:  # the application is what broke
            self.complete = True
            ErrorTask.execute(self)
        else:
            super().execute()

    def get_environment(self) -> dict[str, Any]:
        """Of as much as could be read."""
        for name, value in _NOTHING_READ.items():
            if not hasattr(self.request, name):
                setattr(self.request, name, value)
        for name in ("CONTENT_LENGTH", "CONTENT_TYPE"):
            self.request.headers.pop(name, None)
        self.request.headers.setdefault("HOST", "localhost")  # one that Django takes, of headers that were not read
        known: dict[str, Any] = super().get_environment()
        return known | {STATUS: self.request.error.code, "wsgi.input": BytesIO()}


class PatientChannel(HTTPChannel):  # type: ignore[misc]  # the same
    """Goes on listening for a while after a refusal, and forgets what it hears.

    Who is still sending when the connection closes sees it broken and may never read the answer (RFC 9112, section
    9.6). What is sent is not kept.
    """

    error_task_class = Refusal
    refused = False
    close_when_flushed: bool
    _until = 0.0  # of the monotonic clock; 0: it does not listen in vain

    def handle_write(self) -> None:
        """Send what is to be sent; after a refusal, close our own side alone."""
        if not self.refused or not self.close_when_flushed or self.will_close:
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if not self.total_outbufs_len:
            self._until = time.monotonic() + _LISTENED
            self.close_when_flushed = False
            with suppress(OSError):  # the other side is gone, and reading will say so
                self.socket.shutdown(SHUT_WR)

    def received(self, data: bytes) -> bool:
        """Take what comes for a request, unless one has been refused."""
        if not self._until:
            return bool(super().received(data))
        self.will_close = time.monotonic() > self._until
        return False
