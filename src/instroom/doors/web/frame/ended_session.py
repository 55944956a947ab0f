"""A session has ended, and somebody goes on in a page that is still open: they sign in again, and lose nothing."""

import json
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from instroom.flow.people import devices
from instroom.store.models import User
from instroom.store.sealing import SealBroken, seal, unseal

UNSENT: Final = "unsent"
"""Under which a form that was not sent goes through the pages for signing in, sealed, and then in the session."""
_KEPT_FOR: Final = 60 * 60  # seconds
_MOST: Final = 100_000  # characters of all fields and their names
_SECRETS: Final = ("password", "code", "secret")
"""A form with a field that is called so is typed anew."""
ACTS: Final = {
    "approve": gettext_lazy("Approve"),
    "reschedule": gettext_lazy("Change the time"),
    "refuse": gettext_lazy("Refuse"),
    "unapprove": gettext_lazy("Take the approval back"),
    "take": gettext_lazy("Process it now"),
    "undo": gettext_lazy("Prepare the undo"),
    "connection-add": gettext_lazy("Add a connection"),
    "connection-change": gettext_lazy("Change the connection"),
    "file-account-add": gettext_lazy("Add the account"),
    "file-account-change": gettext_lazy("Change the account"),
    "webhook-add": gettext_lazy("Add the webhook"),
    "webhook-change": gettext_lazy("Change the webhook"),
    "settings": gettext_lazy("Change the settings"),
    "retention": gettext_lazy("Change the settings"),
    "add-customer": gettext_lazy("Add a customer"),
    "invite": gettext_lazy("Invite"),
    "user": gettext_lazy("Save roles"),
    "user-switch": gettext_lazy("Switch a user on or off"),
    "api-tokens": gettext_lazy("Create token"),
    "account-name": gettext_lazy("Change your name"),
    "account-language": gettext_lazy("Change the language"),
    "session-end": gettext_lazy("End a session"),
    "person-erase": gettext_lazy("Erase"),
}
"""What a form does, by the name of the address that it was sent to."""
_OURS: Final = frozenset({"csrfmiddlewaretoken", "next"})


class UnsentForm(NamedTuple):
    """A form that was sent after the end of its session."""

    of: str
    """The id of the user who signed in last in this browser; "" where nobody is known to have."""
    to: str
    """The path that it was sent to."""
    page: str
    """The path of the page that it was on."""
    fields: list[tuple[str, str]]

    @property
    def act(self) -> str:
        """What it does, where its address says that."""
        return str(ACTS.get(resolve(urlsplit(self.to).path).url_name or "", ""))

    @property
    def typed(self) -> list[str]:
        """The sentences among the fields, for who wants to read them again."""
        return [value for _, value in self.fields if " " in value.strip()]


class SignInAgain(LoginRequiredMiddleware):
    """Sends who is not signed in to the page for that. A form goes with them: that it is one of ours, the check against
    forgery has seen before this."""

    def handle_no_permission(  # type: ignore[override]  # the stubs know of a redirect alone
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        by_script = request.headers.get("HX-Request") == "true"
        back = request.get_full_path()
        if by_script or request.method == "POST":
            back = _path(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
        if request.method == "POST" and (form := _sealed(request, back)):
            return render(request, "sign_in.html", {"next": back, "ended": True, UNSENT: form}, status=401)
        ended = {"ended": 1} if settings.SESSION_COOKIE_NAME in request.COOKIES else {}
        address = f"{reverse('sign-in')}?{urlencode({'next': back, **ended}, safe='/')}"
        # htmx would put the page that a redirect leads to into the one that is there
        return HttpResponse(status=401, headers={"HX-Redirect": address}) if by_script else redirect(address)


def send_anew(request: HttpRequest) -> HttpResponse | None:
    """A page to send a form of ours again, whose proof of that is too old: they signed in anew in another tab. None
    where the browser does not say that it is ours, or where it holds a secret."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin" or not request.user.is_authenticated:
        return None
    form = _opened(_sealed(request, _path(request.headers.get("Referer", ""))))
    return render(request, "unsent.html", {"form": form}) if form else None


def carried(request: HttpRequest) -> str:
    """The form that goes with somebody who signs in, still sealed; "" where there is none."""
    text = str(request.POST.get(UNSENT) or request.session.get(UNSENT, ""))
    return text if _opened(text) else ""


@require_safe
def unsent(request: HttpRequest) -> HttpResponse:
    """Show once what was not sent, to send it or not; to nobody else than who typed it."""
    form = _opened(request.session.pop(UNSENT, ""))
    if form and isinstance(request.user, User) and form.of in ("", request.user.pk.hex):
        return render(request, "unsent.html", {"form": form})
    return redirect("home")


def _sealed(request: HttpRequest, page: str) -> str:
    fields = [(name, value) for name in request.POST if name not in _OURS for value in request.POST.getlist(name)]
    secret = any(part in name for name, _ in fields for part in _SECRETS)
    if not any(value for _, value in fields) or secret or sum(len(name) + len(value) for name, value in fields) > _MOST:
        return ""
    last = devices.last_user(request.COOKIES.get(settings.INSTROOM_DEVICE_COOKIE, ""))
    return seal(json.dumps([last, request.get_full_path(), page, fields]), UNSENT)


def _opened(text: str) -> UnsentForm | None:
    try:
        of, to, page, fields = json.loads(unseal(text, UNSENT, _KEPT_FOR))
    except SealBroken:
        return None
    return UnsentForm(of, to, page, [(name, value) for name, value in fields])


def _path(address: str) -> str:
    """Without the host, which is ours or does not matter; `/` for what is no address."""
    try:
        found = urlsplit(address)
    except ValueError:
        return "/"
    path = "/" + found.path.lstrip("/\\")  # more than one would lead to another host
    return f"{path}?{found.query}" if found.query else path
