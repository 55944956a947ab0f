"""Decisions on a delivery: approve, refuse, withdraw, undo."""

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Body, Router

from instroom.core.errors import NotAllowed
from instroom.doors.api.access import Token, delivery_of, visitor
from instroom.doors.api.answers import answer
from instroom.doors.api.decisions import schemas
from instroom.doors.api.deliveries.schemas import Delivery
from instroom.doors.api.schemas import CustomerName, DeliveryId
from instroom.flow import delivery_document
from instroom.flow.delivery import decide
from instroom.flow.delivery import undo as flow_undo
from instroom.flow.delivery.refresh import ask_refresh

router = Router(tags=["decisions"])
for_customer = Router(tags=["environments"])
_JSON: Final = "application/json"
_FURTHEST: Final = timedelta(days=366)


@router.post("/approve", auth=Token("approve", takes=_JSON), response=Delivery)
def approve(
    request: HttpRequest,
    customer: CustomerName,
    delivery_id: DeliveryId,
    approval: Body[schemas.Approval | None] = None,
) -> HttpResponse:
    """Approve the plan against live. 409: it does not wait for approval, its plan differs from `digest`, or the
    supplier may not approve it."""
    visit, how = visitor(request), approval or schemas.Approval()
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


@router.post("/refuse", auth=Token("refuse", takes=_JSON), response=Delivery)
def refuse(
    request: HttpRequest,
    customer: CustomerName,
    delivery_id: DeliveryId,
    refusal: schemas.Refusal,
) -> HttpResponse:
    """Refuse a delivery, with a reason. 409: it does not wait for approval."""
    visit = visitor(request)
    delivery = delivery_of(visit, delivery_id)
    decide.refuse(delivery, visit.user.username, refusal.reason)
    return answer(delivery_document.document(delivery))


@router.post("/withdraw", auth=Token("withdraw"), response=Delivery)
def withdraw(request: HttpRequest, customer: CustomerName, delivery_id: DeliveryId) -> HttpResponse:
    """Withdraw a delivery before it is imported in live. 409: it is too late, or too early."""
    visit = visitor(request)
    delivery = delivery_of(visit, delivery_id)
    decide.withdraw(delivery, visit.user.username)
    return answer(delivery_document.document(delivery))


@router.post(
    "/undo",
    auth=Token("undo"),
    response={201: Delivery},
    openapi_extra={
        "responses": {
            201: {"headers": {"Location": {"description": "The address of the undo.", "schema": {"type": "string"}}}}
        }
    },
)
def undo(request: HttpRequest, customer: CustomerName, delivery_id: DeliveryId) -> HttpResponse:
    """Create a delivery that undoes this one. It has its own plan and needs its own approval. 409: there is nothing to
    undo, or an undo is in progress."""
    visit = visitor(request)
    made = flow_undo.undo(delivery_of(visit, delivery_id), visit.user.username)
    where = reverse("api-1:delivery", args=[visit.customer.name, made.pk])
    return answer(delivery_document.document(made), 201, {"Location": where})


@for_customer.post("/training/refresh", auth=Token("refresh"), response={202: schemas.Refreshed})
def refresh(request: HttpRequest, customer: CustomerName) -> HttpResponse:
    """Make training a copy of live, as soon as no delivery is being imported there. 409: a refresh is in progress."""
    visit = visitor(request)
    ask_refresh(visit.customer, visit.user.username)
    return answer({"refresh": "asked"}, 202)
