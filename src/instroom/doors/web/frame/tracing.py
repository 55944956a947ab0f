"""A span for each request, where traces are sent: with the pattern of its address, never the address itself."""

from collections.abc import Callable
from typing import Final

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

from instroom.config import traces

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def trace_requests(respond: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware. Django leaves it out where nobody takes spans."""
    if not traces.are_on():
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponseBase:
        method = request.method if request.method in _METHODS else "_OTHER"  # a client can send any word
        with traces.span(str(method), "SERVER", method=method) as note:
            response = respond(request)
            route = f"/{request.resolver_match.route}" if request.resolver_match else ""
            note(f"{method} {route}".strip(), route=route, status=response.status_code)
        return response

    return middleware
