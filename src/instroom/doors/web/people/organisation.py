"""Sign in with one's own organisation: the way to its OpenID Connect provider, and back."""

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from instroom.core.errors import NotAllowed
from instroom.doors.web.frame.ended_session import UNSENT, carried
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import client_address, form_text
from instroom.doors.web.people.account import prove, signed_in
from instroom.doors.web.people.sign_in import complete_sign_in, safe_address
from instroom.flow.people import invitations
from instroom.flow.sign_in_providers import identities, signing_in
from instroom.flow.sign_in_providers.refused import Refused
from instroom.flow.sign_in_providers.signing_out import end_sessions
from instroom.store.models import User

_MOST_OF_TOKEN: Final = 16 * 1024


@login_not_required
@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    """Ask which organisation it is. The form answers with a page that leads on: no form may lead to another site."""
    back = safe_address(request.POST.get("next") or request.GET.get("next") or "/")
    wanted, kept = form_text(request, "wanted"), carried(request)
    context = {"next": back, "wanted": wanted, UNSENT: kept}
    if "wanted" not in request.POST:
        return render(request, "organisation.html", context)
    try:
        departure = signing_in.depart(wanted, client_address(request), back=back)
    except NotAllowed as error:
        return render(request, "organisation.html", {**context, "problem": error.sentence(current())}, status=403)
    if kept:
        request.session[UNSENT] = kept
    return _lead_on(request, departure)


@login_not_required
@require_safe
def depart(request: HttpRequest, customer: str) -> HttpResponse:
    """The link that an organisation gives its people."""
    back = safe_address(request.GET.get("next") or "/")
    try:
        departure = signing_in.depart(customer, client_address(request), back=back)
    except NotAllowed as error:
        return _refusal(request, error)
    return _with_cookie(HttpResponseRedirect(departure.address), departure)


@require_POST
def link(request: HttpRequest, customer: str) -> HttpResponse:
    """Link the own account to the organisation, after the password: from then on it signs in."""
    try:
        prove(request)
        departure = signing_in.depart(
            customer, client_address(request), back="/account", link=str(signed_in(request).pk)
        )
    except NotAllowed as error:
        messages.warning(request, error.sentence(current()))
        return redirect("account")
    return _lead_on(request, departure)


@login_not_required
@require_POST
def accept(request: HttpRequest, word: str) -> HttpResponse:
    """Accept an invitation by signing in with the organisation. Raises NotFound where the link has ended."""
    customer = invitations.of_word(word).customer
    try:
        departure = signing_in.depart(
            customer.name, client_address(request), back=f"/customers/{customer.name}", invitation=word
        )
    except NotAllowed as error:
        return _refusal(request, error)
    return _lead_on(request, departure)


@login_not_required
@require_safe
def arrive(request: HttpRequest, customer: str) -> HttpResponse:
    """What the provider answers, by the browser."""
    here = request.user if isinstance(request.user, User) else None
    cookie = request.COOKIES.get(settings.INSTROOM_PROVIDER_COOKIE, "")
    try:
        provider = signing_in.provider_of(customer)
        found = identities.sign_in(provider, cookie, request.GET.dict(), client_address(request), here=here)
    except NotAllowed as error:
        response = _refusal(request, error)
    else:
        if found.is_link:  # who links an account goes on with their own session
            messages.success(request, _("From now on you can sign in with your organisation."))
            response = redirect("account")
        else:
            response = complete_sign_in(request, found.identity.user, safe_address(found.back), found)
    response.delete_cookie(settings.INSTROOM_PROVIDER_COOKIE)
    return response


@csrf_exempt
@login_not_required
@require_POST
def signed_out(request: HttpRequest, customer: str) -> HttpResponse:
    """The provider says that somebody has signed out there (back-channel logout)."""
    try:
        signing_in.refuse_banned(client_address(request))
        provider = signing_in.provider_of(customer)
        end_sessions(provider, form_text(request, "logout_token", _MOST_OF_TOKEN), client_address(request))
    except NotAllowed as error:
        reason = error.reason if isinstance(error, Refused) else error.code
        return JsonResponse({"error": "invalid_request", "error_description": reason}, status=400)
    return HttpResponse()


def _lead_on(request: HttpRequest, departure: signing_in.Departure) -> HttpResponse:
    """By a header and a link: a browser that keeps to `form-action` follows no redirect of a form to another site."""
    response = render(request, "organisation_leads_on.html", {"address": departure.address, "host": departure.host})
    response.headers["Refresh"] = f"0; url={departure.address}"
    return _with_cookie(response, departure)


def _with_cookie(response: HttpResponse, departure: signing_in.Departure) -> HttpResponse:
    response.set_cookie(
        settings.INSTROOM_PROVIDER_COOKIE,
        departure.cookie,
        max_age=signing_in.WITHIN,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
    return response


def _refusal(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    return render(request, "organisation.html", {"next": "/", "problem": error.sentence(current())}, status=403)
