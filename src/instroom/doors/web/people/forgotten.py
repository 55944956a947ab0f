"""Reset a forgotten password: ask for a link by mail, and choose a new password with it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from instroom.core.errors import NotAllowed
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import client_address, form_text
from instroom.flow.people import new_password as flow
from instroom.flow.people.password_strength import LEAST_CHARACTERS, MOST_CHARACTERS


@login_not_required
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """The same answer, whether the address is known or not."""
    problem, asked = "", False
    if request.method == "POST":
        try:
            flow.ask(form_text(request, "email"), client_address(request))
            asked = True
        except NotAllowed as error:
            problem = error.sentence(current())
    context = {"problem": problem, "asked": asked, "sends_mail": bool(settings.INSTROOM_SMTP)}
    return render(request, "forgotten.html", context, status=403 if problem else 200)


@login_not_required
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest, user_id: UUID, token: str) -> HttpResponse:
    """The page behind the link in the mail."""
    user, problem = flow.whose(user_id, token), ""
    if request.method == "POST":
        try:
            flow.choose(user_id, token, form_text(request, "password", MOST_CHARACTERS + 1))
        except NotAllowed as error:
            problem = error.sentence(current())
        else:
            logout(request)  # whoever was signed in
            messages.success(request, _("Your password has been changed. Sign in with it."))
            return redirect("sign-in")
    context = {"problem": problem, "name": user.username, "least": LEAST_CHARACTERS}
    return render(request, "new_password.html", context, status=400 if problem else 200)
