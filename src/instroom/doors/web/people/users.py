"""The users of a customer, their roles, and invitations. For operators."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from instroom.core.errors import NotAllowed
from instroom.doors.web.frame.access import Visit, for_customer, or_404
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_lines, form_text
from instroom.doors.web.people.api_tokens import token_line
from instroom.flow.file_server.accounts import of_customer
from instroom.flow.mails import mail_list
from instroom.flow.mails.refused_addresses import refused_since
from instroom.flow.people import api_tokens, invitations, members, sessions, switching
from instroom.store.models import Role


@require_safe
@for_customer("manage-users")
def users(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everybody with a role, and who is invited."""
    return _page(request, visit)


@require_POST
@for_customer("manage-users")
def invite(request: HttpRequest, visit: Visit) -> HttpResponse:
    email, roles = form_text(request, "email"), request.POST.getlist("roles")
    try:
        language, sources = form_text(request, "language"), form_lines(request, "sources")
        invitations.invite(visit.customer, email, roles, language, by=visit.user, sources=sources)
    except NotAllowed as error:
        return _page(request, visit, error.sentence(current()))
    messages.success(request, _("Invitation created. The link in it works once, within seven days."))
    return redirect("users", visit.customer.name)


@require_POST
@for_customer("manage-users")
def send_again(request: HttpRequest, visit: Visit, invitation_id: UUID) -> HttpResponse:
    """With a new link, valid for seven days; the old one stops working."""
    try:
        or_404(invitations.send_again, visit.customer, invitation_id, by=visit.user)
    except NotAllowed as error:
        return _page(request, visit, error.sentence(current()))
    messages.success(request, _("Invitation created. The link in it works once, within seven days."))
    return redirect("users", visit.customer.name)


@require_POST
@for_customer("manage-users")
def cancel_invitation(request: HttpRequest, visit: Visit, invitation_id: UUID) -> HttpResponse:
    or_404(invitations.cancel, visit.customer, invitation_id, by=visit.user)
    messages.success(request, _("The invitation has been withdrawn."))
    return redirect("users", visit.customer.name)


@require_http_methods(["GET", "POST"])
@for_customer("manage-users")
def user(request: HttpRequest, visit: Visit, user_id: UUID) -> HttpResponse:
    person, problem = or_404(members.person, visit.customer, user_id), ""
    if request.method == "POST":
        try:
            roles = request.POST.getlist("roles")
            sources = form_lines(request, "sources") if "sources" in request.POST else None
            members.set_roles(visit.customer, person.user, roles, by=visit.user, sources=sources)
        except NotAllowed as error:
            problem = error.sentence(current())
        else:
            messages.success(request, _("The roles have been changed."))
            own = person.user == visit.user
            return redirect("home") if own else redirect("users", visit.customer.name)
    return _user_page(request, visit, person, problem)


@require_POST
@for_customer("manage-users")
def switch(request: HttpRequest, visit: Visit, user_id: UUID) -> HttpResponse:
    """Switch a user off everywhere, or on again."""
    person, on = or_404(members.person, visit.customer, user_id), request.POST.get("active") == "on"
    try:
        (switching.switch_on if on else switching.switch_off)(person.user, by=visit.user)
    except NotAllowed as error:
        return _user_page(request, visit, person, error.sentence(current()))
    messages.success(request, _("The user can sign in again.") if on else _("The user has been switched off."))
    return redirect("user", visit.customer.name, user_id)


@require_POST
@for_customer("manage-users")
def end_token(request: HttpRequest, visit: Visit, user_id: UUID, token_id: UUID) -> HttpResponse:
    """End a token of this user for this customer."""
    person = or_404(members.person, visit.customer, user_id)
    if token_id not in {one.pk for one in api_tokens.tokens_for(visit.customer, user=person.user)}:
        raise Http404
    token = or_404(api_tokens.end, token_id, by=visit.user)
    messages.success(request, _("The token of %(name)s has been revoked.") % {"name": token.name})
    return redirect("user", visit.customer.name, user_id)


@require_POST
@for_customer("manage-users")
def sign_out(request: HttpRequest, visit: Visit, user_id: UUID) -> HttpResponse:
    person = or_404(members.person, visit.customer, user_id)
    try:
        switching.sign_out(person.user, by=visit.user)
    except NotAllowed as error:
        return _user_page(request, visit, person, error.sentence(current()))
    messages.success(request, _("The sessions have been ended."))
    return redirect("user", visit.customer.name, user_id)


def _user_page(request: HttpRequest, visit: Visit, person: members.Person, problem: str = "") -> HttpResponse:
    email = person.user.email
    context = {
        "person": person,
        "names": Role.NAMES,
        "problem": problem,
        "refused_since": refused_since([email]).get(email),
        "may_switch": switching.may_switch(person.user, by=visit.user),
        "open_sessions": len(sessions.sessions_of(person.user)),
        "file_accounts": of_customer(visit.customer),
        "lines": [token_line(one) for one in api_tokens.tokens_for(visit.customer, user=person.user)],
    }
    return render(request, "user.html", context, status=400 if problem else 200)


def _page(request: HttpRequest, visit: Visit, problem: str = "") -> HttpResponse:
    people, waiting = members.people(visit.customer), invitations.waiting(visit.customer)
    context = {
        "people": people,
        "waiting": waiting,
        "refused": refused_since([*(one.user.email for one in people), *(one.email for one in waiting)]),
        "sends_mail": bool(settings.INSTROOM_SMTP),
        "given_up": mail_list.given_up(visit.customer),
        "names": Role.NAMES,
        "problem": problem,
        "email": form_text(request, "email"),
        "chosen": request.POST.getlist("roles"),
        "sources": form_lines(request, "sources"),
    }
    return render(request, "users.html", context, status=400 if problem else 200)
