"""Middleware: whatever goes wrong under /api/ is told as a problem document, also what happens before or beside the
operations: an address that does not exist, a method that is not done, a host that is not ours, a fault of our own."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

from instroom.doors.api.language import language_of
from instroom.doors.api.problems import MEDIA_TYPE, problem
from instroom.flow import audit

PATH: Final = "/api/"
_KINDS: Final = {400: "malformed", 403: "role", 404: "not-found", 405: "method", 413: "too-large"}
Respond = Callable[[HttpRequest], HttpResponseBase]


def tell_problems(respond: Respond) -> Respond:
    """Put a problem document in the place of any other page about a failure."""

    def told(request: HttpRequest) -> HttpResponseBase:
        with audit.one_request():
            response = respond(request)
        if not request.path.startswith(PATH):
            return response
        response.headers["Content-Language"] = language_of(request)  # that of the pages is in their cookie
        patch_vary_headers(response, ["Accept-Language"])
        if response.status_code < 400 or response.headers.get("Content-Type") == MEDIA_TYPE:
            return response
        said = problem(request, _KINDS.get(response.status_code, "broken"))
        if "Allow" in response.headers:
            said.headers["Allow"] = response.headers["Allow"]
        response.close()
        return said

    return told
