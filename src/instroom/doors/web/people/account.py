"""Users' own accounts: language, e-mail address, password and sessions."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from instroom.core.errors import NotAllowed, NotFound
from instroom.doors.web.frame import language
from instroom.doors.web.frame.provider_session import CUSTOMER
from instroom.doors.web.frame.query import client_address, form_text
from instroom.flow.mails.refused_addresses import refused_since
from instroom.flow.people import api_tokens, codes, new_email, own_account, second_factor, sessions
from instroom.flow.people.password_strength import LEAST_CHARACTERS, MOST_CHARACTERS
from instroom.flow.sign_in_providers import manage
from instroom.store.models import User
from instroom.store.sessions import key_hash


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """How long the session still lasts, which goes on by this."""
    return JsonResponse({"seconds": request.session.seconds_left()})  # type: ignore[attr-defined]  # of `store.sessions`


@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """For mails, and for the pages in this browser from now on."""
    chosen = form_text(request, "language")
    response = _change(request, "language", lambda: own_account.change_language(signed_in(request), chosen))
    if response.status_code == 302:
        language.keep(response, chosen)
    return response


@require_POST
def change_name(request: HttpRequest) -> HttpResponse:
    first, last = form_text(request, "first_name"), form_text(request, "last_name")
    return _change(request, "name", lambda: own_account.change_name(signed_in(request), first, last))


@require_POST
def change_email(request: HttpRequest) -> HttpResponse:
    email, password = form_text(request, "email"), form_text(request, "password", MOST_CHARACTERS + 1)
    return _change(
        request, "email", lambda: new_email.ask(signed_in(request), email, password, client_address(request))
    )


@require_http_methods(["GET", "POST"])
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the mail. It takes a button: some mail programs follow every link by themselves."""
    user = signed_in(request)
    email = new_email.asked(user, token)
    if request.method == "POST":
        new_email.confirm(user, token)
        messages.success(request, _("Your e-mail address has been changed."))
        return redirect("account")
    return render(request, "new_email.html", {"email": email})


@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """Ends the user's other sessions; this one goes on."""
    old, new = form_text(request, "old", MOST_CHARACTERS + 1), form_text(request, "new", MOST_CHARACTERS + 1)

    def act() -> None:
        user = signed_in(request)
        end_tokens = request.POST.get("end_tokens") == "on"
        own_account.change_password(user, old, new, client_address(request), end_tokens=end_tokens)
        update_session_auth_hash(request, user)

    return _change(request, "password", act)


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End a session in another browser."""
    try:
        sessions.end(signed_in(request), form_text(request, "session"), by=signed_in(request))
    except NotFound as error:
        messages.warning(request, error.sentence(language.current()))
    else:
        messages.success(request, _("The session has been ended."))
    return redirect("account")


def prove(request: HttpRequest) -> None:
    """Ask for the password, or a code of the second factor, in a form with `_proof.html`; of who came by their own
    organisation, that this was a moment ago. Raises NotAllowed."""
    if CUSTOMER in request.session:
        sessions.refuse_long_begun(key_hash(request.session.session_key or ""))
        return
    proof = form_text(request, "proof", MOST_CHARACTERS + 1)
    second_factor.confirm_person(signed_in(request), proof, client_address(request))


def signed_in(request: HttpRequest) -> User:
    """The signed-in user. For pages that nobody sees without signing in."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - LoginRequiredMiddleware has seen to it
    return user


def _change(request: HttpRequest, what: str, act: Callable[[], None]) -> HttpResponse:
    """Act and go back to the page; or show it with what was wrong, at the form of `what`."""
    try:
        act()
    except NotAllowed as error:
        signed_in(request).refresh_from_db()
        return _page(request, {what: error.sentence(language.current())})
    done = {
        "name": _("Your name has been changed."),
        "language": _("Your language has been changed."),
        "email": _("Saved. The new address counts once you have confirmed it.")
        if signed_in(request).new_email
        else _("Your e-mail address has been changed."),
        "password": _("Your password has been changed. Everywhere else you are signed out."),
    }
    messages.success(request, done[what])
    return redirect("account")


def _page(request: HttpRequest, problems: dict[str, str] | None = None) -> HttpResponse:
    user, named = signed_in(request), "name" in (problems or {})
    context = {
        "problems": problems or {},
        **{name: form_text(request, name) if named else getattr(user, name) for name in ("first_name", "last_name")},
        "least": LEAST_CHARACTERS,
        "second_factor_used": second_factor.is_used(),
        "codes_left": codes.recovery_codes_left(user) if user.totp_since else 0,
        "sessions": sessions.sessions_of(user),
        "own_links": manage.own_links(user),
        "this_session": key_hash(request.session.session_key or ""),
        "has_tokens": api_tokens.has_valid(user),
        "refused_since": refused_since([user.email]).get(user.email),
        "sends_mail": bool(settings.INSTROOM_SMTP),
        "email": form_text(request, "email") if problems and "email" in problems else user.email,
    }
    return render(request, "account.html", context, status=400 if problems else 200)
