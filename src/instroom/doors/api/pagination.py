"""Long lists come in pages: `limit` is their size, `next` and the Link header (RFC 8288) lead to the next one."""

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
    """The size of a page, and where it begins."""

    limit: int
    after: str
    """The list's own mark, such as an id; "" is its beginning."""


def place(limit: int, cursor: str | None) -> Place:
    """The page of a request; a cursor keeps the limit that it was made with. Raises Problem."""
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
    """An opaque text that `place` reads."""
    return base64.b64encode(f"{limit}:{after}".encode("ascii"), b"-_").decode("ascii")


def id_before(after: str) -> UUID | None:
    """The id that a cursor of `cursor_before` holds; None at the beginning. Raises Problem."""
    try:
        return UUID(after) if after else None
    except ValueError as error:
        raise wrong_cursor() from error


def cursor_before(limit: int, found: Sequence[Any]) -> str | None:
    """The cursor after `limit` rows, newest first; None on the last page. `found` has one row more if there is one."""
    return cursor(limit, found[limit - 1].pk.hex) if len(found) > limit else None


def link(request: HttpRequest, after: str | None) -> dict[str, str]:
    """The Link header to the next page; empty on the last page."""
    if after is None:
        return {}
    query = [(name, value) for name, value in request.GET.items() if name != "cursor"]
    return {"Link": f'<{request.path}?{urlencode([*query, ("cursor", after)])}>; rel="next"'}


def wrong_cursor() -> Problem:
    """The problem of a cursor that we did not make."""
    return Problem("invalid", errors=[{"loc": ("query", "cursor"), "type": "cursor"}])
