"""A connection that can change to TLS, and remembers how the other side ended it.

In place of pyftpdlib's own TLS: the standard library tells a proper end (close_notify) from a line that broke.
"""

import socket
import ssl
from typing import Any, Literal

from pyftpdlib.exceptions import _RetryError

End = Literal["eof", "notify", "ragged", "reset"]
"""How the other side ended: plain FIN; TLS close_notify; FIN within TLS; RST, or nothing that can be understood."""

_LATER = (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError, InterruptedError)


class SecureChannel:
    """To be mixed in before a channel of pyftpdlib."""

    secured = False
    ended: End | None = None
    _shaking_hands = False
    socket: Any
    ioloop: Any
    _closed: bool
    _wanted_io_events: int

    def secure(self, context: ssl.SSLContext) -> None:
        """Change to TLS; `handle_secured` or `handle_not_secured` is called when it is known how that went."""
        try:
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False, suppress_ragged_eofs=False
            )
        except (OSError, ValueError):  # it has gone already
            self.ended = "reset"
            self.close()
            return
        self._shaking_hands = True

    def handle_secured(self) -> None:
        """TLS is there."""

    def handle_not_secured(self, error: Exception) -> None:
        """There is no TLS with this program."""
        self.close()

    def readable(self) -> bool:
        """Whether there is something to read for."""
        return self._shaking_hands or super().readable()  # type: ignore[misc]

    def writable(self) -> bool:
        """Whether there is something to write."""
        return self._shaking_hands or super().writable()  # type: ignore[misc]

    def handle_read_event(self) -> None:
        """The other side has sent something."""
        if self._shaking_hands:
            self._shake_hands()
        else:
            self.handle_read()  # type: ignore[attr-defined]

    def handle_write_event(self) -> None:
        """The other side takes more."""
        if self._shaking_hands:
            self._shake_hands()
        else:
            super().handle_write_event()  # type: ignore[misc]

    def recv(self, size: int) -> bytes:
        """What has come; b"" once it has ended, of which `handle_close` has been told. Raises _RetryError."""
        try:
            data: bytes = self.socket.recv(size)
        except _LATER as error:
            raise _RetryError from error
        except ssl.SSLEOFError:
            return self._end("ragged")
        except OSError:
            return self._end("reset")
        return data or self._end("notify" if self.secured else "eof")

    def send(self, data: bytes) -> int:
        """Send what goes; gives how much that was."""
        if self._shaking_hands:
            return 0
        try:
            sent: int = self.socket.send(data)
        except _LATER:
            return 0
        except OSError:
            self._end("reset")
            return 0
        return sent

    def initiate_send(self) -> None:
        """Nothing goes, and nothing has gone, before TLS is there."""
        if not self._shaking_hands:
            super().initiate_send()  # type: ignore[misc]

    def say_goodbye(self) -> None:
        """Tell that nothing more comes; with TLS, so that it cannot be taken for a broken line."""
        if self.secured:
            self.secured = False
            try:
                self.socket.unwrap()
            except (OSError, ValueError):  # sent, and not waited for; or the other side has gone
                return

    def close(self) -> None:
        """End the connection."""
        if not self._closed:
            self._shaking_hands = False
            self.say_goodbye()
        super().close()  # type: ignore[misc]

    def _shake_hands(self) -> None:
        try:
            self.socket.do_handshake()
        except ssl.SSLWantReadError:
            self.modify_ioloop_events(self.ioloop.READ)  # type: ignore[attr-defined]
        except ssl.SSLWantWriteError:
            self.modify_ioloop_events(self.ioloop.WRITE)  # type: ignore[attr-defined]
        except (OSError, ValueError) as error:
            self._shaking_hands = False
            self.handle_not_secured(error)
        else:
            self._shaking_hands, self.secured = False, True
            self.modify_ioloop_events(self._wanted_io_events)  # type: ignore[attr-defined]
            self.handle_secured()

    def _end(self, how: End) -> bytes:
        self.ended = self.ended or how
        self.handle_close()  # type: ignore[attr-defined]
        return b""


def hang_up(connection: socket.socket) -> None:
    """Let the other side see that it is over, while we go on holding the socket."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # it has gone already
        return
