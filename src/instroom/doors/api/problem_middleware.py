"""Middleware: every failure under /api/ is a problem document, also those outside the operations: an unknown address or
host, a method that is not allowed, a fault of our own."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

from instroom.doors.api.language import language_of
from instroom.doors.api.problems import MEDIA_TYPE, problem_response
from instroom.flow import acting

PATH: Final = "/api/"
_KINDS: Final = {
    400: "malformed", 401: "wrong-token", 403: "role", 404: "not-found", 405: "method", 413: "too-large",
    503: "unavailable",
}  # fmt: skip
Respond = Callable[[HttpRequest], HttpResponseBase]


def answer_with_problems(respond: Respond) -> Respond:
    """Replace any other page about a failure by a problem document."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(PATH) and settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return problem_response(request, "no-tls")  # led on, a program would send its token in the clear each time
        with acting.one_request():
            response = respond(request)
        if not request.path.startswith(PATH):
            return response
        response.headers["Content-Language"] = language_of(request)  # that of the pages is in their cookie
        patch_vary_headers(response, ["Accept-Language"])
        if response.status_code < 400 or response.headers.get("Content-Type") == MEDIA_TYPE:
            return response
        answer = problem_response(request, _KINDS.get(response.status_code, "broken"))
        if "Allow" in response.headers:
            answer.headers["Allow"] = response.headers["Allow"]
        response.close()
        return answer

    return middleware
