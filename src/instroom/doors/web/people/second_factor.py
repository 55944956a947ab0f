"""The pages of the second factor: set it up, renew the recovery codes, turn it off."""

import io
from collections.abc import Callable
from typing import Final

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from instroom.core.errors import NotAllowed
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import client_address, form_text
from instroom.doors.web.people.account import signed_in
from instroom.flow.people import codes
from instroom.flow.people import second_factor as flow
from instroom.flow.people.password_strength import MOST_CHARACTERS

_BEGUN: Final = "second-factor-begun"


@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """First the password, then the QR code and the first code of the app, then the recovery codes, shown once."""
    user, problem = signed_in(request), ""
    if user.totp_since is not None:
        return _manage(request)
    if request.method == "POST":
        try:
            if "password" in request.POST:
                password = form_text(request, "password", MOST_CHARACTERS + 1)
                request.session[_BEGUN] = flow.begin(user, password, client_address(request))
                return redirect("second-factor")
            return _shown_once(request, flow.confirm(user, _begun(request), form_text(request, "code", 40)))
        except NotAllowed as error:
            problem = error.sentence(current())
    secret = flow.begun_secret(user, _begun(request))
    context = {
        "problem": problem,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "obliged": flow.must_set_up(user),
    }
    return render(request, "second_factor_set_up.html", context, status=400 if problem else 200)


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """The secret as a QR code, until it is confirmed."""
    drawn = io.BytesIO()
    segno.make(flow.address_of(signed_in(request), _begun(request)), error="m").save(
        drawn, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, border=4, light="#fff"
    )
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    def act() -> HttpResponse:
        flow.remove(signed_in(request), *_proof(request))
        update_session_auth_hash(request, signed_in(request))  # this session goes on
        messages.success(request, _("The second factor has been turned off."))
        return redirect("account")

    return _with_proof(request, "remove", act)


@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    return _with_proof(
        request,
        "renew",
        lambda: _shown_once(request, flow.renew_recovery_codes(signed_in(request), *_proof(request))),
    )


def _begun(request: HttpRequest) -> str:
    """The sealed secret that is being set up in this session; "" if none is."""
    return str(request.session.get(_BEGUN, ""))


def _proof(request: HttpRequest) -> tuple[str, str, str]:
    return form_text(request, "password", MOST_CHARACTERS + 1), form_text(request, "code", 40), client_address(request)


def _with_proof(request: HttpRequest, what: str, act: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return act()
    except NotAllowed as error:
        return _manage(request, {what: error.sentence(current())})


def _manage(request: HttpRequest, problems: dict[str, str] | None = None) -> HttpResponse:
    user = signed_in(request)
    if user.totp_since is None:
        return redirect("second-factor")
    context = {"problems": problems or {}, "codes_left": codes.recovery_codes_left(user)}
    return render(request, "second_factor.html", context, status=403 if problems else 200)


def _shown_once(request: HttpRequest, made: list[str]) -> HttpResponse:
    """Show the recovery codes. The user's other sessions have ended; this one goes on."""
    request.session.pop(_BEGUN, None)
    update_session_auth_hash(request, signed_in(request))
    return render(request, "recovery_codes.html", {"codes": made})
