"""The accounts of the file server of a customer, for its operator (product.md F2): made, changed, let in again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from instroom.core.errors import InstroomError
from instroom.doors.web.file_accounts.switches import RESUMPTIONS
from instroom.doors.web.file_accounts.ways_in import lines_of
from instroom.doors.web.frame.access import Visit, for_customer, or_404
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_lines, form_text
from instroom.doors.web.safeguards.relaxing import ask_for_proof
from instroom.flow.file_server import accounts as flow
from instroom.flow.file_server.account_bans import lift_bans
from instroom.flow.file_server.account_state import state_of
from instroom.flow.file_server.failed_attempts import attempts_of, unknown_names
from instroom.flow.file_server.left_files import left_files
from instroom.flow.file_server.removing import remove, removed_of
from instroom.flow.file_server.tls_resumption import must_resume
from instroom.flow.people import members
from instroom.flow.people.password_strength import LEAST_OF_ACCOUNT, MOST_CHARACTERS
from instroom.store.models import FileAccount


@require_safe
@for_customer("configure")
def file_accounts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """With the last sign-in of each, and its bans."""
    found = [state_of(one) for one in flow.of_customer(visit.customer)]
    removed = [(one, attempts_of([one])) for one in removed_of(visit.customer)]
    context = {"statuses": found, "unknown_names": unknown_names(), "removed": removed}
    return render(request, "file_accounts.html", context)


@require_http_methods(["GET", "POST"])
@for_customer("configure")
def add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new account; a password that is made here is shown in the answer to the form, and never again."""
    name, plain = form_text(request, "name").strip(), request.POST.get("plain_ftp") == "on"
    problem = ""
    if request.method == "POST":
        typed, password = _password(request)
        try:
            sources = form_lines(request, "sources")
            made = flow.add(name, visit.customer, password, by=visit.user, plain_ftp=plain, sources=sources)
        except InstroomError as error:
            problem = error.sentence(current())
        else:
            return account_page(request, made, password="" if typed else password, done=_("Account created."))
    typed_in = {"name": name, "plain_ftp": plain, "sources": form_lines(request, "sources")}
    context = {**typed_in, "problem": problem, "least": LEAST_OF_ACCOUNT}
    return render(request, "file_account_form.html", context, status=400 if problem else 200)


@require_safe
@for_customer("configure")
def file_account(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """One of them: how it is, what it may do, and what its program must know."""
    return account_page(request, _named(visit, name))


@require_POST
@for_customer("configure")
def change(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """Its name, and what it may do."""
    one = _named(visit, name)
    given: dict[str, Any] = {
        **{word: request.POST.get(word) == "on" for word in ("plain_ftp", "allow_missing_close_notify", "active")},
        "name": form_text(request, "name") or one.name,
        "tls_resumption": form_text(request, "tls_resumption") or None,
        "contact": form_text(request, "contact") if "contact" in request.POST else None,
        "sources": form_lines(request, "sources") if "sources" in request.POST else None,
    }
    try:
        back = reverse("file-account", args=[visit.customer.name, one.name])
        if page := ask_for_proof(request, visit, flow.weakened(one, given), False, "file-accounts", back):
            return page
        changed = flow.change(one, by=visit.user, **given)
    except InstroomError as error:
        return account_page(request, one, problem=error.sentence(current()))
    messages.success(request, _("Saved.") if changed else _("Nothing has changed."))
    return redirect("file-account", visit.customer.name, one.name)


@require_POST
@for_customer("configure")
def remove_account(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    one = _named(visit, name)
    try:
        remove(one, by=visit.user)
    except InstroomError as error:
        return account_page(request, one, problem=error.sentence(current()))
    messages.success(request, _("The account has been removed."))
    return redirect("file-accounts", visit.customer.name)


@require_POST
@for_customer("configure")
def password(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """Another password: the one that is typed, or one that is made and shown in this answer alone."""
    one = _named(visit, name)
    typed, wanted = _password(request)
    try:
        flow.change(one, by=visit.user, password=wanted)
    except InstroomError as error:
        return account_page(request, one, problem=error.sentence(current()))
    return account_page(request, one, password="" if typed else wanted, done=_("The old password no longer works."))


@require_POST
@for_customer("configure")
def unban(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    one = _named(visit, name)
    lift_bans(one, by=visit.user)
    messages.success(request, _("The account can sign in again."))
    return redirect("file-account", visit.customer.name, one.name)


def _named(visit: Visit, name: str) -> FileAccount:
    return or_404(flow.account, name, visit.customer)


def _password(request: HttpRequest) -> tuple[bool, str]:
    """Whether one was typed, and which one it is to be."""
    typed = form_text(request, "password", MOST_CHARACTERS + 1)
    return bool(typed), typed or flow.new_password()


def account_page(
    request: HttpRequest, one: FileAccount, password: str = "", done: str = "", problem: str = ""
) -> HttpResponse:
    """The page of an account, with a new password that is shown in this answer alone."""
    status, contact = state_of(one), one.contact.username if one.contact else ""
    context: dict[str, Any] = {
        "status": status,
        "one": one,
        "password": password,
        "done": done,
        "problem": problem,
        "least": LEAST_OF_ACCOUNT,
        "tls_must_resume": must_resume(one),
        "tls_resumptions": RESUMPTIONS,
        "people": sorted({each.user.username for each in members.people(one.customer)} | set(filter(None, [contact]))),
        "contact": contact,
        "sources": one.sources,
        "left": left_files(one),
        "failed": attempts_of([one]),
        "ways": lines_of(one, [each.file_path for each in status.connections]),
    }
    return render(request, "file_account.html", context, status=400 if problem else 200)
