"""What a client may cost the server before we know who it is: connections, time and content.

The limits of a client's address do not hold for a proxy that we trust: all its clients have that one address, and it
has limits of its own (docs/how-to/behind-a-proxy.md).
"""

import time
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, close_old_connections
from django.http import parse_cookie
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest, Error, InternalServerError

from instroom.config.listening import Network, is_among
from instroom.doors.web.frame.http_errors import PatientChannel
from instroom.flow.people.api_tokens import is_known
from instroom.flow.throttle import network_of
from instroom.store.sessions import SessionStore

HEADER_BYTES: Final = 16 * 1024
"""Ours take less than 1 kB, cookies included."""
CONNECTIONS: Final = 1000
CONNECTIONS_OF_AN_ADDRESS: Final = 60
"""A browser opens six, and a whole office can share an address. Of IPv6, an address is a /64."""
HEADERS_WITHIN: Final = 20.0  # seconds since the first byte, or since it connected
IDLE: Final = 60.0  # seconds between two requests
CONTENT_WITHIN: Final = 30.0  # seconds, and what the content takes at the least speed
LEAST_SPEED: Final = 10_000  # bytes a second
KNOWN_ABOVE: Final = 1024 * 1024  # bytes of content: only of who has signed in, or has a token


class Unknown(Error):  # type: ignore[misc]  # waitress has no types
    """Much content, of nobody in particular."""

    code, reason = 401, "Unauthorized"


class LimitedRequest(HTTPRequestParser):  # type: ignore[misc]  # the same
    """A request that is being read. More than a form's content is taken only of a client that we know."""

    error: Error | None
    completed: bool
    is_let_in = False

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.began = time.monotonic()

    def received(self, data: bytes) -> int:
        """Take some of the data, and give how much. Judged at the headers, and of content without a length as soon as
        there is much of it."""
        taken = int(super().received(data))
        if "\\" in self.headers.get("COOKIE", ""):
            # Some Pythons take the square of a quoted cookie's length to read it (CVE-2024-7592). None of ours has one.
            del self.headers["COOKIE"]  # else the page that refuses it would read it all the same
            self.error = self.error or BadRequest("")
        if self.error is None and not self.is_let_in and self._size() > KNOWN_ABOVE:
            self.error = _refusal(self.headers)
            self.is_let_in = self.error is None
        if self.error or self.completed:  # else waitress would read on: content, or the next request into this one
            self.completed, self.expect_continue = True, False
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Raises ParsingError also of an address or a length that Python itself cannot read."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            raise ParsingError("") from error

    def is_late(self, now: float) -> bool:
        """Whether the client takes too long, by the monotonic clock."""
        within = CONTENT_WITHIN + self._size() / LEAST_SPEED if self.headers_finished else HEADERS_WITHIN
        return bool(now - self.began > within)

    def _size(self) -> int:
        return int(max(self.content_length, self.body_bytes_received))


class Channel(PatientChannel):
    """A client's connection. It is closed when its client is too slow, or has too many."""

    parser_class = LimitedRequest
    proxies: tuple[Network, ...] = ()
    """The proxies that we trust."""
    has_asked = False

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        super().__init__(server, sock, addr, adj, map=map)
        peer = str(addr[0])
        self.network = network_of(peer)
        open_now = sum(channel.network == self.network for channel in server.active_channels.values())
        self.will_close = open_now > CONNECTIONS_OF_AN_ADDRESS and not is_among(peer, self.proxies)

    def readable(self) -> bool:
        """Whether to read on. The server asks at least once a second."""
        if self.requests:
            self.has_asked = True
        elif self._is_late():
            self.will_close = True
        return bool(super().readable())

    def _is_late(self) -> bool:
        if self.request is not None:
            return bool(self.request.is_late(time.monotonic()))
        return not self.has_asked and time.time() - self.creation_time > HEADERS_WITHIN


def _refusal(headers: Mapping[str, str]) -> Error | None:
    """Why so much content is not taken; None if a session or a token that is valid comes with it."""
    close_old_connections()
    try:
        kind, _, token = headers.get("AUTHORIZATION", "").partition(" ")
        if kind.lower() == "bearer":
            return None if is_known(token.strip()) else Unknown("")
        session = parse_cookie(headers.get("COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
        return None if session and SESSION_KEY in SessionStore(session).load() else Unknown("")
    except DatabaseError:
        return InternalServerError("")
