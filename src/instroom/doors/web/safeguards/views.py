"""What would relax a safeguard and waits for a second person: listed, confirmed, refused (product.md D3)."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from instroom.core.errors import NotAllowed
from instroom.core.report.safeguard_text import relaxed_lines
from instroom.doors.web.frame.access import Visit, for_customer, or_404
from instroom.doors.web.frame.language import current
from instroom.doors.web.people.account import prove
from instroom.flow.people import second_factor
from instroom.flow.safeguards import proposals as flow
from instroom.store.models import Proposal


@require_safe
@for_customer("approve")
def proposals(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Each with its old and new values."""
    waiting = [(one, relaxed_lines(one.relaxes, current())) for one in flow.waiting(visit.customer)]
    context = {"waiting": waiting, "has_code": second_factor.is_asked_of(visit.user)}
    return render(request, "proposals.html", context)


@require_POST
@for_customer("approve")
def confirm(request: HttpRequest, visit: Visit, proposal_id: UUID) -> HttpResponse:
    """With the password or a code."""

    def act(one: Proposal) -> str:
        prove(request)
        flow.confirm(one, by=visit.user)
        return _("Confirmed. The safeguards have been relaxed.")

    return _report(request, visit, proposal_id, act)


@require_POST
@for_customer("refuse")
def refuse(request: HttpRequest, visit: Visit, proposal_id: UUID) -> HttpResponse:
    def act(one: Proposal) -> str:
        flow.refuse(one, by=visit.user)
        return _("The proposal has ended. Nothing has changed.")

    return _report(request, visit, proposal_id, act)


def _report(request: HttpRequest, visit: Visit, proposal_id: UUID, act: Callable[[Proposal], str]) -> HttpResponse:
    one: Proposal = or_404(flow.proposal, visit.customer, proposal_id)
    try:
        messages.success(request, act(one))
    except NotAllowed as error:
        messages.error(request, error.sentence(current()))
    return redirect("proposals", visit.customer.name)
