"""A long list goes in pieces: `limit` says how long one is, `next` and the header Link (RFC 8288) where it goes on."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from instroom.doors.api.problems import Problem

MOST: Final = 200
DEFAULT: Final = 50


class Place(NamedTuple):
    """Where a piece begins."""

    limit: int
    after: str
    """What the list itself understands; "" is its beginning."""


def place(limit: int, cursor: str | None) -> Place:
    """What is asked for; a cursor keeps the limit that it was made with. Raises Problem."""
    if cursor is None:
        return Place(limit, "")
    try:
        size, _, after = base64.b64decode(cursor.encode("ascii"), b"-_", validate=True).decode("ascii").partition(":")
        kept = int(size)
    except (ValueError, binascii.Error) as error:
        raise wrong_cursor() from error
    if not 1 <= kept <= MOST or not after:
        raise wrong_cursor()
    return Place(kept, after)


def page_number(after: str) -> int:
    """A page number as a cursor holds it; the first one where it holds none. Raises Problem."""
    if not after:
        return 1
    if not (after.isascii() and after.isdecimal() and len(after) < 8):
        raise wrong_cursor()
    return int(after)


def cursor(limit: int, after: object) -> str:
    """A text that `place` understands; programs do not look into it."""
    return base64.b64encode(f"{limit}:{after}".encode("ascii"), b"-_").decode("ascii")


def id_before(after: str) -> UUID | None:
    """The id that a cursor of `cursor_before` holds; None at the beginning. Raises Problem."""
    try:
        return UUID(after) if after else None
    except ValueError as error:
        raise wrong_cursor() from error


def cursor_before(limit: int, found: Sequence[Any]) -> str | None:
    """Where rows go on, the newest first; one more than the `limit` tells that there is more."""
    return cursor(limit, found[limit - 1].pk.hex) if len(found) > limit else None


def link(request: HttpRequest, after: str | None) -> dict[str, str]:
    """The header that names the next piece; nothing where there is none."""
    if after is None:
        return {}
    query = [(name, value) for name, value in request.GET.items() if name != "cursor"]
    return {"Link": f'<{request.path}?{urlencode([*query, ("cursor", after)])}>; rel="next"'}


def wrong_cursor() -> Problem:
    """For a cursor that is not one of ours."""
    return Problem("invalid", errors=[{"loc": ("query", "cursor"), "type": "cursor"}])
