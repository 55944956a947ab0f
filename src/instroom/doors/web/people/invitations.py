"""Accept an invitation by the link of the mail: as a new user, or with an existing account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from instroom.core.errors import NotAllowed
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_text
from instroom.doors.web.people.sign_in import complete_sign_in
from instroom.flow.institute import help_desk, institute
from instroom.flow.people import invitations as flow
from instroom.flow.people.password_strength import LEAST_CHARACTERS, MOST_CHARACTERS
from instroom.flow.sign_in_providers.manage import provider_of
from instroom.store.models import User


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, word: str) -> HttpResponse:
    """What the invitation is for, and a form. Raises NotFound where the link does not work any more."""
    invited, problem = flow.of_word(word), ""
    if request.method == "POST":
        try:
            return _accept(request, word)
        except NotAllowed as error:
            problem = error.sentence(current())
    user = request.user
    context = {
        "invitation": invited,
        "word": word,
        "problem": problem,
        **{name: form_text(request, name) for name in ("name", "first_name", "last_name")},
        "least": LEAST_CHARACTERS,
        "provider": provider_of(invited.customer),
        "help_desk": help_desk(institute(), invited.customer),
        "same_person": isinstance(user, User) and user.email.lower() == invited.email.lower(),
    }
    return render(request, "invitation.html", context, status=400 if problem else 200)


def _accept(request: HttpRequest, word: str) -> HttpResponse:
    if isinstance(request.user, User):
        customer = flow.accept(word, request.user)
        messages.success(request, _("Welcome. You can begin."))
        return redirect("customer", customer.name)
    customer = flow.of_word(word).customer
    user = flow.accept_as_new(
        word,
        form_text(request, "name"),
        form_text(request, "password", MOST_CHARACTERS + 1),
        current(),
        form_text(request, "first_name"),
        form_text(request, "last_name"),
    )
    return complete_sign_in(request, user, f"/customers/{customer.name}")
