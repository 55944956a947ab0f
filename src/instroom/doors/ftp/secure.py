"""A connection that can switch to TLS, and remembers how the client ended it.

It replaces pyftpdlib's own TLS: the standard library tells a proper end (close_notify) from a lost connection.
"""

import socket
import ssl
from typing import Any, Literal

from pyftpdlib.exceptions import _RetryError

End = Literal["eof", "notify", "ragged", "reset"]
"""How the client ended: plain FIN; TLS close_notify; FIN within TLS; RST, or bytes that are not TLS."""

_WOULD_BLOCK = (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError, InterruptedError)


class SecureChannel:
    """A mix-in, to stand before a channel of pyftpdlib."""

    secured = False
    ended: End | None = None
    _shaking_hands = False
    socket: Any
    ioloop: Any
    _closed: bool
    _wanted_io_events: int

    def secure(self, context: ssl.SSLContext) -> None:
        """Switch to TLS. The handshake ends in a call of `handle_secured` or `handle_not_secured`."""
        try:
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False, suppress_ragged_eofs=False
            )
        except (OSError, ValueError):  # the client has left already
            self.ended = "reset"
            self.close()
            return
        self._shaking_hands = True

    def handle_secured(self) -> None:
        """Called when the TLS handshake has succeeded."""

    def handle_not_secured(self, error: Exception) -> None:
        """Called when the TLS handshake has failed."""
        self.close()

    def readable(self) -> bool:
        return self._shaking_hands or super().readable()  # type: ignore[misc]

    def writable(self) -> bool:
        return self._shaking_hands or super().writable()  # type: ignore[misc]

    def handle_read_event(self) -> None:
        if self._shaking_hands:
            self._shake_hands()
        else:
            self.handle_read()  # type: ignore[attr-defined]

    def handle_write_event(self) -> None:
        if self._shaking_hands:
            self._shake_hands()
        else:
            super().handle_write_event()  # type: ignore[misc]

    def recv(self, size: int) -> bytes:
        """Read up to `size` bytes. At the end, call `handle_close` and return b"". Raises _RetryError if none have come
        yet."""
        try:
            data: bytes = self.socket.recv(size)
        except _WOULD_BLOCK as error:
            raise _RetryError from error
        except ssl.SSLError as error:  # not all Pythons make an SSLEOFError of it
            is_ragged = isinstance(error, ssl.SSLEOFError) or error.reason == "UNEXPECTED_EOF_WHILE_READING"
            return self._record_end("ragged" if is_ragged else "reset")
        except OSError:
            return self._record_end("reset")
        return data or self._record_end("notify" if self.secured else "eof")

    def send(self, data: bytes) -> int:
        """Send as much as possible, and return the number of bytes sent."""
        if self._shaking_hands:
            return 0
        try:
            sent: int = self.socket.send(data)
        except _WOULD_BLOCK:
            return 0
        except OSError:  # whoever sends is in the midst of something, and finds the connection open until its end
            self.ioloop.call_later(0, self._record_end, "reset")
            return 0
        return sent

    def initiate_send(self) -> None:
        """Send nothing before the handshake is done."""
        if not self._shaking_hands:
            super().initiate_send()  # type: ignore[misc]

    def send_close_notify(self) -> None:
        """With TLS, announce the end, so that the client cannot take it for a lost connection."""
        if self.secured:
            self.secured = False
            try:
                self.socket.unwrap()
            except (OSError, ValueError):  # sent without waiting for the answer, or the client has left
                return

    def close(self) -> None:
        if not self._closed:
            self._shaking_hands = False
            self.send_close_notify()
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

    def _record_end(self, how: End) -> bytes:
        self.ended = self.ended or how
        self.handle_close()  # type: ignore[attr-defined]
        return b""


def shut_down(connection: socket.socket) -> None:
    """End the connection for the client, while we keep the socket."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # the client has left already
        return
