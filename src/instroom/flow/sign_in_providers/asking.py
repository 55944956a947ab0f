"""One request to a provider, by the same guard as webhooks: no redirects, and limits of our own."""

import json
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from io import BytesIO
from threading import BoundedSemaphore
from time import monotonic
from typing import Any, Final, cast

from django.conf import settings

from instroom.core.errors import NotAllowed
from instroom.flow.sign_in_providers.refused import Refused
from instroom.flow.webhooks.destination import Destination, destination
from instroom.flow.webhooks.posting import connected, seconds_left

ANSWER: Final = 8.0
"""Seconds for all of it: a person waits."""
MOST_BYTES: Final = 256 * 1024
_AT_ONCE: Final = BoundedSemaphore(3)
"""A slow provider leaves threads of the web to everybody else."""


class _Received:
    """Bytes in the place of a socket, for HTTPResponse."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> BytesIO:
        return BytesIO(self._data)


def checked_address(address: str) -> Destination:
    """Raises NotAllowed where a provider cannot have it."""
    return destination(address, settings.INSTROOM_PROVIDER_PRIVATE)


def ask(address: str, form: str | None = None, headers: Mapping[str, str] | None = None) -> Any:
    """The JSON that is there, or that comes on this form. Raises Refused: `unreachable`, or `answer` for anything but
    JSON with status 200."""
    if not _AT_ONCE.acquire(timeout=ANSWER / 2):
        raise Refused("busy")
    try:
        status, body = _exchange(checked_address(address), form, dict(headers or {}))
    except (OSError, HTTPException, ValueError, NotAllowed) as error:  # a host that cannot be one is a ValueError
        raise Refused("unreachable") from error
    finally:
        _AT_ONCE.release()
    try:
        if status != 200:
            raise ValueError(status)
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused("answer") from error


def _exchange(where: Destination, form: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
    end = monotonic() + ANSWER
    kind = HTTPSConnection if where.scheme == "https" else HTTPConnection
    headers |= {"Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    with closing(connected(where, settings.INSTROOM_PROVIDER_PRIVATE, end)) as line:
        request = kind(where.host, where.port)
        request.sock = line
        line.settimeout(seconds_left(end))
        request.request("GET" if form is None else "POST", where.path, form, headers)
        received = bytearray()
        while True:
            line.settimeout(seconds_left(end))
            piece = line.recv(16 * 1024)
            if not piece:
                break
            received += piece
            if len(received) > MOST_BYTES:
                raise ValueError("too much")
    response = HTTPResponse(cast(Any, _Received(bytes(received))))
    response.begin()
    return response.status, response.read()
