"""The connections of a customer: how each of them is, and what has been (product.md E). Its operator manages them."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from instroom.core.errors import NotAllowed
from instroom.core.plan.guards import NAMES, guard_of
from instroom.core.report.connection_text import mails_texts
from instroom.doors.web.file_accounts.ways_in import lines_of
from instroom.doors.web.frame.access import Visit, for_customer, or_404
from instroom.doors.web.frame.language import current
from instroom.doors.web.safeguards.relaxing import ask_for_proof
from instroom.flow import find
from instroom.flow.connections import connections as flow
from instroom.flow.connections.connection_state import connection_status, files_of, runs_of, waiting_for_a_person
from instroom.flow.connections.removing import remove, removed_of
from instroom.flow.file_server.failed_attempts import attempts_of
from instroom.flow.news.mail_choice import mail_choice
from instroom.flow.queries.nights import nights_of
from instroom.flow.safeguards.reach import relaxed_for_left_files
from instroom.flow.safeguards.relaxing import giver_left
from instroom.store.models import Connection


@require_safe
@for_customer()
def connections(request: HttpRequest, visit: Visit) -> HttpResponse:
    """With state and next time, and the files under a name that no connection has."""
    seen = flow.of_customer(visit.customer, by=visit.user)
    context = {
        "statuses": [connection_status(one) for one in seen],
        "nights": nights_of(seen),
        "for_a_person": waiting_for_a_person(visit.customer, of=visit.user),
        "removed": removed_of(visit.customer, of=visit.user),
    }
    return render(request, "connections.html", context)


@require_safe
@for_customer()
def connection(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """What is agreed, the next three times, how to deliver, and the last runs."""
    one = or_404(find.connection, visit.customer, name, of=visit.user)
    context = {
        "status": connection_status(one),
        "lapsed": giver_left(one),
        "one": one,
        "runs": runs_of(one, by=visit.user),
        "deliveries": files_of(one, by=visit.user),
        "ways": lines_of(one.account, [one.file_path]) if one.account else [],
        "failed": attempts_of([one.account], 5) if one.account else [],
        "mails": mails_texts(*mail_choice(one), current()),
        "guards": [(guard, guard_of(guard, one.guards)) for guard in NAMES],
    }
    return render(request, "connection.html", context)


@require_safe
@for_customer()
def removed(request: HttpRequest, visit: Visit, connection_id: UUID) -> HttpResponse:
    """What has been of a connection that is no more."""
    one = next((one for one in removed_of(visit.customer, of=visit.user) if one.pk == connection_id), None)
    if one is None:
        raise Http404
    context = {"one": one, "runs": runs_of(one, by=visit.user), "deliveries": files_of(one, by=visit.user)}
    return render(request, "removed_connection.html", context)


@require_POST
@for_customer("configure")
def remove_connection(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    one = or_404(find.connection, visit.customer, name, of=visit.user)
    try:
        _heir, relaxes = relaxed_for_left_files(one, None)
        back = reverse("connection", args=[visit.customer.name, one.name])
        if page := ask_for_proof(request, visit, relaxes, False, "connections", back):
            return page
        remove(one, by=visit.user)
    except NotAllowed as error:
        messages.error(request, error.sentence(current()))
        return redirect("connection", visit.customer.name, one.name)
    messages.success(request, _("The connection has been removed."))
    return redirect("connections", visit.customer.name)


@require_POST
@for_customer("configure")
def pause(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    return _act(request, visit, name, flow.pause, _("Paused. Files that come in are kept until you resume."))


@require_POST
@for_customer("configure")
def resume(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    return _act(request, visit, name, flow.resume, _("Resumed. The next file is expected at the next scheduled time."))


def _act(request: HttpRequest, visit: Visit, name: str, act: Callable[..., None], message: str) -> HttpResponse:
    one: Connection = or_404(find.connection, visit.customer, name, of=visit.user)
    act(one, by=visit.user)
    messages.success(request, message)
    return redirect("connection", visit.customer.name, one.name)
