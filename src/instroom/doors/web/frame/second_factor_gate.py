"""Where a second factor is required (INSTROOM_SECOND_FACTOR), users without one must set it up first. Who came by
their own organisation has that of its provider."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from instroom.doors.web.frame.provider_session import CUSTOMER
from instroom.flow.people.second_factor import must_set_up
from instroom.store.models import User

OPEN: Final = frozenset(
    {
        *("second-factor", "second-factor-picture", "sign-out", "sign-in", "sign-in-code", "language"),
        *("help", "guide", "finding-help", "logo"),
    }
)
"""What can be reached without it."""


class SecondFactorGate:
    """Middleware: leads every other page to the one where it is set up."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._respond(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """None lets the request through."""
        match = request.resolver_match
        if match is not None and (match.url_name in OPEN or match.namespaces):  # the API: a session opens nothing
            return None
        user = request.user
        if CUSTOMER in request.session:
            return None
        return redirect("second-factor") if isinstance(user, User) and must_set_up(user) else None
