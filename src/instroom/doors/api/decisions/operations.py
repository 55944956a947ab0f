"""What is decided on a delivery: approve, refuse, withdraw, undo. Each is one call on the flow."""

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Body, Router

from instroom.core.errors import NotAllowed
from instroom.doors.api import documents, parameters
from instroom.doors.api.access import Token, delivery_of, visitor
from instroom.doors.api.answers import answer
from instroom.flow import delivery_document
from instroom.flow.delivery import decide
from instroom.flow.delivery import undo as flow_undo
from instroom.flow.delivery.refresh import ask_refresh

router = Router(tags=["decisions"])
for_customer = Router(tags=["environments"])
_JSON: Final = "application/json"
_FURTHEST: Final = timedelta(days=366)


@router.post("/approve", auth=Token("approve", takes=_JSON), response=documents.Delivery)
def approve(
    request: HttpRequest,
    customer: parameters.CustomerName,
    delivery_id: parameters.DeliveryId,
    approval: Body[parameters.Approval | None] = None,
) -> HttpResponse:
    """Approve the plan against live. 409: it waits for no approval, the plan is another one than was looked at, or who
    delivered may not approve."""
    visit, how = visitor(request), approval or parameters.Approval()
    delivery = delivery_of(visit, delivery_id)
    decide.approve(delivery, visit.user.username, _moment(how.at), seen=how.digest)
    return answer(delivery_document.document(delivery))


def _moment(at: datetime | decide.Now | None) -> datetime | decide.Now | None:
    """A moment that is still to come, within a year. Raises NotAllowed."""
    if isinstance(at, datetime) and not timedelta() < at - timezone.now() < _FURTHEST:
        raise NotAllowed(
            "Choose a moment to come, within a year.", "Kies een moment dat nog komt, binnen een jaar."
        )  # fmt: skip
    return at


@router.post("/refuse", auth=Token("refuse", takes=_JSON), response=documents.Delivery)
def refuse(
    request: HttpRequest,
    customer: parameters.CustomerName,
    delivery_id: parameters.DeliveryId,
    refusal: parameters.Refusal,
) -> HttpResponse:
    """Refuse it, with a reason. 409: it waits for no approval."""
    visit = visitor(request)
    delivery = delivery_of(visit, delivery_id)
    decide.refuse(delivery, visit.user.username, refusal.reason)
    return answer(delivery_document.document(delivery))


@router.post("/withdraw", auth=Token("withdraw"), response=documents.Delivery)
def withdraw(
    request: HttpRequest, customer: parameters.CustomerName, delivery_id: parameters.DeliveryId
) -> HttpResponse:
    """Take it back, before it is imported in live. 409: that is not possible any more, or not yet."""
    visit = visitor(request)
    delivery = delivery_of(visit, delivery_id)
    decide.withdraw(delivery, visit.user.username)
    return answer(delivery_document.document(delivery))


@router.post(
    "/undo",
    auth=Token("undo"),
    response={201: documents.Delivery},
    openapi_extra={
        "responses": {
            201: {"headers": {"Location": {"description": "Where to follow it.", "schema": {"type": "string"}}}}
        }
    },
)
def undo(request: HttpRequest, customer: parameters.CustomerName, delivery_id: parameters.DeliveryId) -> HttpResponse:
    """Make a delivery that undoes this one: it has its own plan, and takes its own approval. 409: there is nothing to
    undo, or an undo is under way."""
    visit = visitor(request)
    made = flow_undo.undo(delivery_of(visit, delivery_id), visit.user.username)
    where = reverse("api-1:delivery", args=[visit.customer.name, made.pk])
    return answer(delivery_document.document(made), 201, {"Location": where})


@for_customer.post("/training/refresh", auth=Token("refresh"), response={202: documents.Refreshed})
def refresh(request: HttpRequest, customer: parameters.CustomerName) -> HttpResponse:
    """Have training made equal to live, as soon as no delivery is on its way through it. 409: that is under way."""
    visit = visitor(request)
    ask_refresh(visit.customer, visit.user.username)
    return answer({"refresh": "asked"}, 202)
