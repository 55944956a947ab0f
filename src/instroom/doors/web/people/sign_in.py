"""Sign in, in one step or in two, and out."""

import time
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from instroom.core.errors import NotAllowed
from instroom.doors.web.frame import language
from instroom.doors.web.frame.ended_session import UNSENT, carried
from instroom.doors.web.frame.provider_session import CUSTOMER
from instroom.doors.web.frame.query import client_address
from instroom.flow.people import codes, devices, second_factor, sessions
from instroom.flow.people import sign_in as flow
from instroom.flow.people.hashing import Busy
from instroom.flow.sign_in_providers.identities import SignedIn
from instroom.store.models import User

_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
_HALF_IN: Final = "half-in"
_HALF_IN_FOR: Final = 10 * 60  # seconds between the password and the code


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; then the page that was asked for, or first the code of the second factor."""
    back = safe_address(request.POST.get("next") or request.GET.get("next") or "/")
    name, problem, kept = request.POST.get("name", ""), "", carried(request)
    if request.method == "POST":
        try:
            known = request.COOKIES.get(settings.INSTROOM_DEVICE_COOKIE, "")
            user = flow.by_password(name, request.POST.get("password", ""), client_address(request), known)
        except Busy as error:
            context = {"next": back, "name": name, UNSENT: kept, "problem": error.sentence(language.current())}
            response = render(request, "sign_in.html", context, status=503)
            response.headers["Retry-After"] = "5"
            return response
        except NotAllowed as error:
            problem = error.sentence(language.current())
        else:
            return (
                _ask_code(request, user, back)
                if second_factor.is_asked_of(user)
                else complete_sign_in(request, user, back)
            )
    context = {"next": back, "name": name, UNSENT: kept, "problem": problem}
    return render(request, "sign_in.html", context, status=403 if problem else 200)


@login_not_required
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code of the second factor. Who has not given the password is sent back to do so."""
    half_in = request.session.get(_HALF_IN, {})
    user = _half_in(half_in)
    if user is None:
        return redirect("sign-in")
    problem = ""
    if request.method == "POST":
        try:
            codes.check(user, request.POST.get("code", "")[:40], client_address(request))
        except NotAllowed as error:
            problem = error.sentence(language.current())
        else:
            return complete_sign_in(request, user, safe_address(half_in["next"]))
    return render(request, "sign_in_code.html", {"problem": problem}, status=403 if problem else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session on the server, too."""
    if isinstance(request.user, User):
        flow.signed_out(request.user)
    logout(request)
    return redirect("sign-in")


def complete_sign_in(request: HttpRequest, user: User, back: str, by: SignedIn | None = None) -> HttpResponse:
    """Begin the session and go to `back`, in the user's language unless another was chosen in this browser. `by` is who
    vouches for the user, where that is not a password."""
    kept = carried(request)
    request.session.flush()  # nothing else of the session before stays
    if kept:
        request.session[UNSENT], back = kept, reverse("unsent")
    request.session.update(sessions.describe(request.headers.get("User-Agent", ""), client_address(request)))
    if by:
        request.session.update({"identity": str(by.identity.pk), "provider_session": by.session})
        request.session[CUSTOMER] = str(by.identity.provider.customer_id)
    login(request, user, _BACKEND)
    flow.signed_in(user, client_address(request), by.identity.provider.customer.name if by else "")
    response = HttpResponseRedirect(back)
    response.set_cookie(
        settings.INSTROOM_DEVICE_COOKIE,
        devices.remember(request.COOKIES.get(settings.INSTROOM_DEVICE_COOKIE, ""), user),
        max_age=devices.VALID,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
    if not language.is_chosen(request):
        language.keep(response, user.language)
    return response


def safe_address(back: str) -> str:
    """The address, if it is on this site; `/` for any other."""
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/"


def _ask_code(request: HttpRequest, user: User, back: str) -> HttpResponse:
    kept = carried(request)
    request.session.flush()
    if kept:
        request.session[UNSENT] = kept
    until, password = time.time() + _HALF_IN_FOR, user.get_session_auth_hash()
    request.session[_HALF_IN] = {"user": str(user.pk), "until": until, "password": password, "next": back}
    return redirect("sign-in-code")


def _half_in(half_in: dict[str, str]) -> User | None:
    """The user who has given the right password in time, if it has not changed since."""
    if not half_in or float(half_in["until"]) < time.time():
        return None
    user = User.objects.filter(pk=UUID(half_in["user"]), is_active=True).first()
    return user if user and user.get_session_auth_hash() == half_in["password"] else None
