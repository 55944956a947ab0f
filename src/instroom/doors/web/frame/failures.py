"""What a person sees where a page cannot be given."""

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from instroom.core.errors import InstroomError, NotAllowed, NotFound
from instroom.doors.web.frame.http_errors import STATUS
from instroom.doors.web.frame.language import current


class TellFailures:
    """Middleware: the flow's own exceptions become a page with their sentence."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        status = request.META.get(STATUS)
        return refused(request, status) if status else self._respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for what we know; for anything else None, which leads to `broken`."""
        if isinstance(error, NotFound):
            return tell(request, 404, _("This is not here"), error.sentence(current()))
        if isinstance(error, NotAllowed):
            return tell(request, 403, _("This is not possible"), error.sentence(current()))
        if isinstance(error, InstroomError):
            return tell(request, 409, _("This is not possible"), error.sentence(current()))
        return None


def tell(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """A page that says in a sentence why there is no other."""
    return render(request, "failure.html", {"title": title, "sentence": sentence}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for what is there but belongs to another customer: nobody learns that it exists."""
    return tell(request, 404, _("This is not here"), _("The page does not exist, or it is not for you to see."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return tell(request, 403, _("This is not for you"), _("Your role does not allow this. Ask your operator."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return tell(request, 400, _("This is not possible"), _("Your browser asked something that we do not understand."))


def refused(request: HttpRequest, status: int) -> HttpResponse:
    """What the server did not let through."""
    sentences = {
        413: _("A file may hold 64 MB. Split it, and deliver the parts one by one."),
        431: _("Your browser sent too much with its question. Remove the cookies of this site and try again."),
    }
    if status not in sentences:
        return bad_request(request, SuspiciousOperation())
    return tell(request, status, _("This is too large"), sentences[status])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was not ours, or that was open for too long."""
    return tell(
        request, 403, _("This is not possible"), _("The page was open for too long. Go back, reload it and try again.")
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500. Without a template: whatever broke may be what templates need."""
    text = _("Something broke on our side. Try again; if it happens again, tell your operator.")
    return HttpResponse(f"{text}\n", status=500, content_type="text/plain; charset=utf-8")
