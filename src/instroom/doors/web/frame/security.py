"""Headers that tell a browser what a page of ours may do: nothing but show itself and ask us."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",  # pages hold data of persons: no proxy and no back button keeps them
}

Respond = Callable[[HttpRequest], HttpResponseBase]


def add_headers(respond: Respond) -> Respond:
    """Middleware: the headers on every answer. A view that shows a mail in a frame sets a policy of its own."""

    def with_headers(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return with_headers
