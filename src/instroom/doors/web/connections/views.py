"""The connections of a customer: how each of them is, and what has been (product.md E). Its operator manages them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from instroom.core.plan.guards import NAMES, guard_of
from instroom.doors.web.file_accounts.ways_in import lines_of
from instroom.doors.web.frame.access import Visit, for_customer, there
from instroom.flow import find
from instroom.flow.connections import connections as flow
from instroom.flow.connections.connection_state import files_of, runs_of, standing_of, strangers_of
from instroom.store.models import Connection


@require_safe
@for_customer()
def connections(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All of them, with state and next time; and what came in under a name that none of them has."""
    found = [standing_of(one) for one in flow.of_customer(visit.customer)]
    context = {"standings": found, "strangers": strangers_of(visit.customer)}
    return render(request, "connections.html", context)


@require_safe
@for_customer()
def connection(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """One of them: what holds, the next three times, how to deliver, and what became of the last ones."""
    one = there(find.connection, visit.customer, name)
    context = {
        "standing": standing_of(one),
        "one": one,
        "runs": runs_of(one),
        "deliveries": files_of(one),
        "ways": lines_of(one.account, [one.file_name]) if one.account else [],
        "guards": [(guard, guard_of(guard, one.guards)) for guard in NAMES],
    }
    return render(request, "connection.html", context)


@require_POST
@for_customer("configure")
def pause(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """Nothing is expected or taken."""
    return _done(request, visit, name, flow.pause, _("Paused. What comes in is kept, and waits."))


@require_POST
@for_customer("configure")
def resume(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """Files are expected again."""
    return _done(request, visit, name, flow.resume, _("Resumed, from the next time on."))


def _done(request: HttpRequest, visit: Visit, name: str, act: Callable[..., None], said: str) -> HttpResponse:
    one: Connection = there(find.connection, visit.customer, name)
    act(one, by=visit.user.username)
    messages.success(request, said)
    return redirect("connection", visit.customer.name, one.name)
