"""Sign in and out."""

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from instroom.core.errors import NotAllowed
from instroom.doors.web.language import current
from instroom.flow import sign_in as flow
from instroom.store.models import User

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """By name and password; then to the page that was asked for."""
    back = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    name, problem = request.POST.get("name", ""), ""
    if request.method == "POST":
        try:
            user = flow.sign_in(name, request.POST.get("password", ""), request.META.get("REMOTE_ADDR", ""))
        except NotAllowed as error:
            problem = error.sentence(current())
        else:
            login(request, user, _BACKEND)
            return HttpResponseRedirect(back)
    context = {"next": back, "name": name, "problem": problem}
    return render(request, "sign_in.html", context, status=403 if problem else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session ends here, not in the browser alone."""
    if isinstance(request.user, User):
        flow.signed_out(request.user)
    logout(request)
    return redirect("sign-in")
