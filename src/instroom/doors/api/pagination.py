"""Long lists come in pages: `limit` is their size, `next` and the Link header (RFC 8288) lead to the next one.

A list that grows at its top, such as deliveries, continues before an id. Any other list continues at a page number.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, JsonResponse

from instroom.core.whole_number import whole_number
from instroom.doors.api.problems import ApiProblem
from instroom.flow.paging import Page

MAX_LIMIT: Final = 200
DEFAULT_LIMIT: Final = 50


class PageRequest(NamedTuple):
    """The page that a program asks for."""

    limit: int
    after: str = ""
    """What the cursor holds: an id, a page number, or a version and a page number. Empty for the first page."""

    @classmethod
    def read(cls, limit: int, cursor: str | None) -> "PageRequest":
        """A cursor keeps the limit that it was made with. Raises ApiProblem."""
        if cursor is None:
            return cls(limit)
        try:
            text = base64.b64decode(cursor.encode("ascii"), b"-_", validate=True).decode("ascii")
            size, _, after = text.partition(":")
            kept = int(size)
        except (ValueError, binascii.Error) as error:
            raise _invalid_cursor() from error
        if not 1 <= kept <= MAX_LIMIT or not after:
            raise _invalid_cursor()
        return cls(kept, after)

    def before(self) -> UUID | None:
        """The id before which the page begins. Raises ApiProblem."""
        try:
            return UUID(self.after) if self.after else None
        except ValueError as error:
            raise _invalid_cursor() from error

    def number(self) -> int:
        """The number of the page, from 1. Raises ApiProblem."""
        number = whole_number(self.after.rpartition(".")[2] or "1")
        if number is None:
            raise _invalid_cursor()
        return number

    def cursor_before(self, found: Sequence[Any]) -> str | None:
        """The cursor of the page after `found`, which has one row more than the limit if there is a next page."""
        return self._cursor(found[self.limit - 1].pk.hex) if len(found) > self.limit else None

    def cursor_after(self, page: Page[Any], version: str = "") -> str | None:
        """The cursor of the page after this one; None on the last page.

        Raises ApiProblem if the previous page was of another version of the list, such as an older plan.
        """
        if self.after and self.after.rpartition(".")[0] != version:
            raise _invalid_cursor()
        number = f"{page.number + 1}"
        return self._cursor(f"{version}.{number}" if version else number) if page.number < page.pages else None

    def _cursor(self, after: str) -> str:
        return base64.b64encode(f"{self.limit}:{after}".encode("ascii"), b"-_").decode("ascii")


def page_response(request: HttpRequest, document: Mapping[str, Any], cursor: str | None) -> JsonResponse:
    """A page, with `next` and the Link header to the next one."""
    response = JsonResponse({**document, "next": cursor})
    if cursor is not None:
        query = [(name, value) for name, value in request.GET.items() if name != "cursor"]
        response.headers["Link"] = f'<{request.path}?{urlencode([*query, ("cursor", cursor)])}>; rel="next"'
    return response


def _invalid_cursor() -> ApiProblem:
    return ApiProblem("invalid", errors=[{"loc": ("query", "cursor"), "type": "cursor"}])
