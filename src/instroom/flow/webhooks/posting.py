"""One POST to a receiver, within limits of its own: no receiver can hold us longer, or hand us more, than that.

Redirects are answers like others, TLS is verified, and the address that is judged is the one that is connected to.
"""

import re
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection, parse_headers
from io import BytesIO
from time import monotonic
from typing import Final, NamedTuple

from django.utils import timezone

from instroom.flow.webhooks.destination import Destination, Forbidden, Networks, endpoints

CONNECT: Final = 5.0
"""Seconds for a connection to one address."""
ANSWER: Final = 15.0
"""Seconds for all of it."""
FAILURES: Final = ("forbidden", "no-host", "timeout", "tls", "broken-off", "no-http", "unreachable", "no-secret")
"""What can go wrong where there is no answer."""
_MOST_BYTES: Final = 64 * 1024  # of the head of an answer; its body is not read
_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3})\b[^\r\n]*\r?\n")
_END: Final = re.compile(rb"\r?\n\r?\n")


class WebhookAnswer(NamedTuple):
    """What came of it: a status, or a failure."""

    status: int | None = None
    failure: str = ""
    wait: timedelta | None = None
    """What the receiver asks in Retry-After."""


class _NoHttp(HTTPException):
    """What came was no answer of HTTP."""


def post(where: Destination, body: bytes, headers: Mapping[str, str], private: Networks) -> WebhookAnswer:
    """Send it, and look at the head of the answer. Whatever goes wrong is in what it gives."""
    try:
        return _exchange(where, body, headers, private)
    except (OSError, HTTPException, ValueError) as error:  # a host name that cannot be one is a ValueError
        return WebhookAnswer(failure=failure_of(error))


def _exchange(where: Destination, body: bytes, headers: Mapping[str, str], private: Networks) -> WebhookAnswer:
    end = monotonic() + ANSWER
    kind = HTTPSConnection if where.scheme == "https" else HTTPConnection
    with closing(connected(where, private, end)) as line:
        request = kind(where.host, where.port)
        request.sock = line
        line.settimeout(seconds_left(end))
        request.request("POST", where.path, body, dict(headers))
        return _answer(line, end)


def connected(where: Destination, private: Networks, end: float) -> socket.socket:
    """A line to the first address that takes one. Raises OSError."""
    problem: OSError = socket.gaierror()
    for family, address in endpoints(where, private):
        line = socket.socket(family, socket.SOCK_STREAM)
        try:
            line.settimeout(min(CONNECT, seconds_left(end)))
            line.connect(address)
            return _secured(line, where, end)
        except OSError as error:
            line.close()
            problem = error
    raise problem


def _secured(line: socket.socket, where: Destination, end: float) -> socket.socket:
    if where.scheme == "http":
        return line
    line.settimeout(seconds_left(end))
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # not every system's Python says so
    return context.wrap_socket(line, server_hostname=where.host)


def _answer(line: socket.socket, end: float) -> WebhookAnswer:
    """The first answer that is one: those of the hundreds only come before it."""
    pending = b""
    while True:
        head, pending = _head(line, pending, end)
        status = _STATUS.match(head)
        if status is None:
            raise _NoHttp
        if not 100 <= int(status[1]) < 200:
            fields = parse_headers(BytesIO(head[status.end() :] + b"\r\n\r\n"))
            return WebhookAnswer(int(status[1]), wait=_asked_pause(fields.get("Retry-After", "")))


def _head(line: socket.socket, pending: bytes, end: float) -> tuple[bytes, bytes]:
    """What comes until a blank line, and what came after it."""
    while (stop := _END.search(pending)) is None:
        line.settimeout(seconds_left(end))
        piece = line.recv(4096)
        if not piece:
            raise _NoHttp if pending else ConnectionResetError
        pending += piece
        if len(pending) > _MOST_BYTES:
            raise _NoHttp
    return pending[: stop.start()] + b"\r\n", pending[stop.end() :]


def seconds_left(end: float) -> float:
    """Until then. Raises TimeoutError."""
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _asked_pause(text: str) -> timedelta | None:
    """Retry-After: a number of seconds, or a date (RFC 9110, section 10.2.3). None where it is neither."""
    if re.fullmatch(r"[0-9]{1,8}", text.strip()):
        return timedelta(seconds=int(text))
    try:
        return parsedate_to_datetime(text) - timezone.now()
    except (TypeError, ValueError):
        return None


def failure_of(error: Exception) -> str:
    kinds: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
        (Forbidden, "forbidden"),
        ((socket.gaierror, UnicodeError), "no-host"),
        (TimeoutError, "timeout"),
        (ssl.SSLError, "tls"),
        ((ConnectionResetError, BrokenPipeError), "broken-off"),
        (OSError, "unreachable"),
    )
    return next((name for kind, name in kinds if isinstance(error, kind)), "no-http")
