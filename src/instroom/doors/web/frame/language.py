"""In which language a person is spoken to: the one that they chose, else Dutch."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from instroom.core.language import Language

Respond = Callable[[HttpRequest], HttpResponseBase]
LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


def current() -> Language:
    """The language of the page that is being made."""
    return "en" if translation.get_language() == "en" else "nl"


def speak(respond: Respond) -> Respond:
    """Middleware: not by what the browser prefers, since the texts that come with a delivery are Dutch by default."""

    def spoken(request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        with translation.override(chosen if chosen in LANGUAGES else settings.LANGUAGE_CODE):
            response = respond(request)
            response.headers["Content-Language"] = current()
            return response

    return spoken


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie, and go back to where it was made."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or urlsplit(back).netloc:
        back = "/"
    response = HttpResponseRedirect(back)
    if (chosen := request.POST.get("language")) in LANGUAGES:
        keep(response, str(chosen))
    return response


def is_chosen(request: HttpRequest) -> bool:
    """Whether somebody has chosen a language in this browser."""
    return request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) in LANGUAGES


def keep(response: HttpResponse, language: str) -> None:
    """Let the browser ask for this language from here on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
