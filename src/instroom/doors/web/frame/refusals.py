"""Logs who was refused what. The name of the address stands in the line, never the address itself, which may hold the
key of a dossier."""

import logging
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

from instroom.doors.web.frame.query import client_address

_REFUSALS: Final = (401, 403, 404, 429)
_LOGGED_ELSEWHERE: Final = ("", "sign-in")  # what does not exist, and a line of its own for fail2ban
_log = logging.getLogger("instroom.web")


def log_refusals(respond: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a line of the log for each refusal of a page or an operation that there is. What belongs to others
    answers 404 as what does not exist does, so that is logged too."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        where = request.resolver_match.view_name if request.resolver_match else ""
        if response.status_code in _REFUSALS and where not in _LOGGED_ELSEWHERE:
            token = getattr(request, "auth", None)
            user = token.user if token else getattr(request, "user", None)
            name = user.get_username() if user and user.is_authenticated else "-"
            facts = (client_address(request), request.method, where, response.status_code, name)
            _log.warning(
                "%s: %s %s refused with %s, user %s", *facts,
                extra={"kind": "refused", "address": facts[0], "code": response.status_code, "about": (where, name)},
            )  # fmt: skip
        return response

    return middleware
