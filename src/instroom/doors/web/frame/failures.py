"""What a person sees where a page cannot be given."""

import sys
from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.middleware.csrf import REASON_NO_CSRF_COOKIE, REASON_NO_REFERER
from django.shortcuts import render
from django.utils.translation import gettext as _

from instroom.core.errors import CustomerMoving, InstroomError, NotAllowed, NotFound
from instroom.doors.web.frame.ended_session import send_anew
from instroom.doors.web.frame.http_errors import STATUS
from instroom.doors.web.frame.language import current
from instroom.flow.delivery.reports import BeingMade
from instroom.flow.delivery.room import NoRoom, TooManyWaiting
from instroom.flow.throttle import TooOften
from instroom.store.troubles import of_the_site


class FailurePages:
    """Middleware: the flow's own exceptions become a page with their sentence."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        status = request.META.get(STATUS)
        if status:
            return refused_by_server(request, status)
        response = self._respond(request)
        return only_to_send(request, response) if isinstance(response, HttpResponseNotAllowed) else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for what we know; for anything else None, which leads to `broken`."""
        if isinstance(error, NotFound):
            return failure_page(request, 404, _("Page not found"), error.sentence(current()))
        if isinstance(error, NoRoom | TooManyWaiting):
            status = 507 if isinstance(error, NoRoom) else 429
            return failure_page(request, status, _("There is no room for this file"), error.sentence(current()))
        if isinstance(error, CustomerMoving):
            return failure_page(request, 503, _("This is not possible"), error.sentence(current()))
        if isinstance(error, NotAllowed):
            return failure_page(request, 403, _("This is not possible"), error.sentence(current()))
        if isinstance(error, BeingMade):
            response = failure_page(request, 503, _("Your file is being made"), error.sentence(current()))
            response.headers["Retry-After"] = response.headers["Refresh"] = "5"  # the browser asks again by itself
            return response
        if isinstance(error, TooOften):
            response = failure_page(request, 429, _("This is not possible"), error.sentence(current()))
            response.headers["Retry-After"] = "60"
            return response
        if isinstance(error, InstroomError):
            return failure_page(request, 409, _("This is not possible"), error.sentence(current()))
        return None


def failure_page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """A page that says in a sentence why there is no other."""
    return render(request, "failure.html", {"title": title, "sentence": sentence}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for what is there but belongs to another customer: nobody learns that it exists."""
    return failure_page(
        request, 404, _("Page not found"), _("The page does not exist, or you do not have access to it.")
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failure_page(request, 403, _("No access"), _("Your role does not allow this. Ask your operator."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failure_page(
        request, 400, _("This is not possible"), _("We could not understand the request from your browser.")
    )


def refused_by_server(request: HttpRequest, status: int) -> HttpResponse:
    """What the server did not let through."""
    if status == 401:
        sentence = _("You are not signed in, or your session has ended. Sign in and send the file again.")
        return failure_page(request, status, _("Sign in first"), sentence)
    sentences = {
        413: _("Files can be at most 64 MB. Split the file and deliver the parts one by one."),
        431: _("Your browser sent too much data. Remove the cookies of this site and try again."),
    }
    if status not in sentences:
        return bad_request(request, SuspiciousOperation())
    return failure_page(request, status, _("Too large"), sentences[status])


def only_to_send(request: HttpRequest, response: HttpResponseNotAllowed) -> HttpResponse:
    """405, for who opens an address that forms are sent to."""
    sentence = _("Forms are sent to this address; it has no page. Go back to the page that you came from.")
    page = failure_page(request, response.status_code, _("This is not possible"), sentence)
    page.headers["Allow"] = response.headers["Allow"]
    return page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was not ours, that was open for too long, or that lost on its way what shows that it is ours."""
    if reason == REASON_NO_CSRF_COOKIE:
        sentence = _(
            "Your browser did not send the cookie of this site. Allow cookies, reload the page and try again. If that"
            " does not help, tell your operator: the proxy must pass on the headers Cookie and Set-Cookie."
        )
    elif reason == REASON_NO_REFERER:
        sentence = _(
            "The headers Origin and Referer are missing, so we cannot see that the form comes from this site. Turn off"
            " the extension of your browser that removes them. If you have none, tell your operator: the proxy must"
            " pass on Origin and Referer."
        )
    elif reason.startswith(("Origin", "Referer")):
        sentence = _(
            "According to the header Origin or Referer, the form comes from another address than that of this site."
            " Open the site at its own address. If you did, tell your operator: the proxy must pass on Host, Origin and"
            " Referer unchanged and set X-Forwarded-Proto, and INSTROOM_URL must be the address that people use."
        )
    elif page := send_anew(request):
        return page
    else:
        return failure_page(request, 403, _("Your form has expired"), _("Go back, reload the page and try again."))
    return failure_page(request, 403, _("This is not possible"), sentence)


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 where it will pass. Without a template: whatever broke may be what templates need."""
    error, kind = sys.exc_info()[1], "text/plain; charset=utf-8"
    if error and of_the_site(error):
        text = _("The site cannot reach its database or its files now. Try again in a minute.")
        return HttpResponse(f"{text}\n", status=503, content_type=kind, headers={"Retry-After": "30"})
    text = _("Something went wrong on our side. Try again. If it keeps happening, tell your operator.")
    return HttpResponse(f"{text}\n", status=500, content_type=kind)
