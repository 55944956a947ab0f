"""What a person decides on a delivery: approve, change that, refuse, withdraw, retry. Each is one call on the flow."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from instroom.core.errors import NotAllowed
from instroom.doors.web.frame.access import Visit, for_customer, or_404
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_text
from instroom.flow import find
from instroom.flow.comments import MOST_LETTERS
from instroom.flow.connections import taking
from instroom.flow.delivery import decide, scheduled
from instroom.flow.delivery.admitting import admit_erased
from instroom.flow.delivery.completing import confirm_complete, deliver_alone
from instroom.flow.delivery.retry import retry as retry_delivery
from instroom.store.states import State


@require_POST
@for_customer("approve")
def approve(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """Live is imported now, or from a chosen time."""
    delivery = visit.delivery(delivery_id)

    def act() -> str:
        decide.approve(delivery, by=visit.user, at=_when(request), seen=form_text(request, "digest"))
        if delivery.state == State.SCHEDULED:
            return _("Approved. It will be imported into live at the chosen time.")
        return _("Approved. It goes to live without delay.")

    return _report(request, visit, delivery_id, act)


@require_POST
@for_customer("approve")
def reschedule(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """An approval that waits for its time gets another one."""
    delivery = visit.delivery(delivery_id)

    def act() -> str:
        at = _when(request)
        if at is None:
            raise NotAllowed("moment-missing")
        scheduled.reschedule(delivery, at, by=visit.user, seen=form_text(request, "digest"))
        if delivery.state == State.SCHEDULED:
            return _("It will be imported into live at the new time.")
        return _("It goes to live without delay.")

    return _report(request, visit, delivery_id, act)


@require_POST
@for_customer("approve")
def unapprove(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """With a reason, which all read who work on the delivery."""
    act = partial(scheduled.unapprove, reason=form_text(request, "reason", MOST_LETTERS))
    message = _("The approval has been taken back. The delivery waits for a decision again.")
    return _decide(request, visit, delivery_id, act, message)


@require_POST
@for_customer("refuse")
def refuse(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """With a reason, which the supplier reads."""
    delivery = visit.delivery(delivery_id)

    def act() -> str:
        decide.refuse(delivery, form_text(request, "reason", 2000), by=visit.user)
        return _("Refused. The supplier can read your reason.")

    return _report(request, visit, delivery_id, act)


@require_POST
@for_customer("withdraw")
def withdraw(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    return _decide(
        request, visit, delivery_id, decide.withdraw, _("Withdrawn. Nothing from this delivery will go to live.")
    )


@require_POST
@for_customer("retry")
def retry(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    return _decide(request, visit, delivery_id, retry_delivery, _("The delivery is being tried again."))


@require_POST
@for_customer("privacy")
def admit(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    message = _("The records of erased persons are in the plan now. It waits for approval.")
    return _decide(request, visit, delivery_id, admit_erased, message)


@require_POST
@for_customer("deliver")
def confirm(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """A version with fewer records than the one before is meant so."""
    message = _("Thank you. An approver now decides, and reads that you said this.")
    return _decide(request, visit, delivery_id, confirm_complete, message)


@require_POST
@for_customer("deliver")
def alone(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """The records that were put in the version before are delivered once more, as all that there are."""
    try:
        delivery = deliver_alone(visit.delivery(delivery_id), by=visit.user)
    except NotAllowed as error:
        messages.error(request, error.sentence(current()))
        return redirect("delivery", visit.customer.name, delivery_id)
    return redirect("delivery", visit.customer.name, delivery.pk)


@require_POST
@for_customer("deliver")
def take(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """What waits for its hour, or for a person who knows its name, goes on at once."""
    name = form_text(request, "connection")
    connection = or_404(find.connection, visit.customer, name, of=visit.user) if name else None
    act = partial(taking.take_now, connection=connection)
    return _decide(request, visit, delivery_id, act, _("Processing has started."))


def _decide(
    request: HttpRequest, visit: Visit, delivery_id: UUID, decision: Callable[..., object], message: str
) -> HttpResponse:
    """A decision that asks for nothing more than who takes it."""
    delivery = visit.delivery(delivery_id)

    def act() -> str:
        decision(delivery, by=visit.user)
        return message

    return _report(request, visit, delivery_id, act)


def _report(request: HttpRequest, visit: Visit, delivery_id: UUID, act: Callable[[], str]) -> HttpResponse:
    """Act, and go back to the delivery with what came of it: also where somebody else was first."""
    try:
        messages.success(request, act())
    except NotAllowed as error:
        messages.error(request, error.sentence(current()))
    return redirect("delivery", visit.customer.name, delivery_id)


def _when(request: HttpRequest) -> datetime | decide.Now | None:
    """When to import in live, on the clock of this site; None where nothing was chosen. Raises NotAllowed where it is
    no moment, or has gone by; one that we proposed and has gone by counts as now."""
    when, text = form_text(request, "when"), form_text(request, "at")
    if when != "later":
        return "now" if when == "now" else None
    try:
        at = timezone.make_aware(datetime.fromisoformat(text))
    except ValueError as error:
        raise NotAllowed("moment-missing") from error
    if at <= timezone.now() and text != form_text(request, "proposed"):
        raise NotAllowed("moment-passed")
    return at
