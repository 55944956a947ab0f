"""Decisions on a delivery: approve, take that back, refuse, withdraw, undo, retry. Refreshing training is one too."""

from datetime import datetime, timedelta
from typing import Final

from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Body, Router

from instroom.core.errors import NotAllowed
from instroom.doors.api.access import Token, TokenRequest, delivery_or_404
from instroom.doors.api.decisions import schemas
from instroom.doors.api.deliveries.documents import delivery_json
from instroom.doors.api.deliveries.schemas import Delivery
from instroom.doors.api.schemas import CustomerName, DeliveryId
from instroom.flow import find
from instroom.flow.connections.taking import take_now
from instroom.flow.delivery import decide, scheduled, undo
from instroom.flow.delivery.admitting import admit_erased
from instroom.flow.delivery.completing import confirm_complete
from instroom.flow.delivery.refresh import ask_refresh
from instroom.flow.delivery.retry import retry
from instroom.flow.queries.history import find_in_live
from instroom.store import models

router = Router(tags=["decisions"])
customer_router = Router(tags=["environments"])
_FURTHEST: Final = timedelta(days=366)


@router.post("/approve", auth=Token("approve"), response=Delivery)
def approve_delivery(
    request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId, approval: schemas.Approval
) -> JsonResponse:
    """Approve a delivery

    The plan with this `digest` is then imported in live. One that is `scheduled` gets another moment, if `at` is given.
    409: it does not wait for approval, its plan has another digest, live has moved past it, or you made the delivery
    and two-person approval is agreed on.
    """
    delivery, at = delivery_or_404(request, delivery_id), _moment(approval.at)
    scheduled.approve_or_reschedule(delivery, at, by=request.auth.user, seen=approval.digest)
    return JsonResponse(delivery_json(delivery))


def _moment(at: datetime | decide.Now | None) -> datetime | decide.Now | None:
    """A moment that is still to come, within a year. Raises NotAllowed."""
    if isinstance(at, datetime) and not timedelta() < at - timezone.now() < _FURTHEST:
        raise NotAllowed("moment-within-a-year")  # fmt: skip
    return at


@router.post("/unapprove", auth=Token("approve"), response=Delivery)
def unapprove_delivery(
    request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId, unapproval: schemas.Unapproval
) -> JsonResponse:
    """Take an approval back

    The delivery waits for approval again, or is held again. 409: it is not `scheduled`, or not any more.
    """
    delivery = delivery_or_404(request, delivery_id)
    scheduled.unapprove(delivery, unapproval.reason, by=request.auth.user)
    return JsonResponse(delivery_json(delivery))


@router.post("/refuse", auth=Token("refuse"), response=Delivery)
def refuse_delivery(
    request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId, refusal: schemas.Refusal
) -> JsonResponse:
    """Refuse a delivery

    409: it does not wait for approval.
    """
    delivery = delivery_or_404(request, delivery_id)
    decide.refuse(delivery, refusal.reason, by=request.auth.user)
    return JsonResponse(delivery_json(delivery))


@router.post("/withdraw", auth=Token("withdraw"), response=Delivery)
def withdraw_delivery(request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId) -> JsonResponse:
    """Withdraw a delivery

    It is not imported in live. 409: it is too late, or too early.
    """
    delivery = delivery_or_404(request, delivery_id)
    decide.withdraw(delivery, by=request.auth.user)
    return JsonResponse(delivery_json(delivery))


@router.post("/confirm-complete", auth=Token("deliver"), response=Delivery)
def confirm_complete_delivery(request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId) -> JsonResponse:
    """Confirm that a delivery is complete

    It is `held` since it has fewer records than the version before, and that is right. It then waits for an approver.
    409: it is not held for that, or not any more.
    """
    delivery = delivery_or_404(request, delivery_id)
    confirm_complete(delivery, by=request.auth.user)
    return JsonResponse(delivery_json(delivery))


@router.post("/admit-erased", auth=Token("privacy"), response=Delivery)
def admit_erased_persons(request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId) -> JsonResponse:
    """Admit erased persons

    The records that name a person who has been erased come into the plan, which then waits for approval. 409: there
    are none, or it has been decided on.
    """
    delivery = delivery_or_404(request, delivery_id)
    admit_erased(delivery, by=request.auth.user)
    return JsonResponse(delivery_json(delivery))


@router.post("/take", auth=Token("deliver"), response=Delivery)
def take_delivery(
    request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId, taking: Body[schemas.Taking | None] = None
) -> JsonResponse:
    """Take a delivery

    One that waits is processed at once. If its file name has no connection, name the one that it belongs to. 409: it
    does not wait, or no connection is named.
    """
    delivery, name = delivery_or_404(request, delivery_id), taking.connection if taking else None
    connection = find.connection(request.auth.customer, name, of=request.auth.user) if name else None
    take_now(delivery, by=request.auth.user, connection=connection)
    return JsonResponse(delivery_json(delivery))


_MADE_UNDO: Final = {
    "responses": {
        201: {"headers": {"Location": {"description": "The address of the undo.", "schema": {"type": "string"}}}}
    }
}


@router.post("/undo", auth=Token("undo"), response={201: Delivery}, openapi_extra=_MADE_UNDO)
def undo_delivery(request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId) -> JsonResponse:
    """Undo a delivery

    This creates a delivery that restores what this one changed. It has its own plan and needs its own approval. 409:
    there is nothing to undo, or an undo is in progress.
    """
    return _made(undo.undo(delivery_or_404(request, delivery_id), by=request.auth.user))


@router.post("/restore", auth=Token("undo"), response={201: Delivery}, openapi_extra=_MADE_UNDO)
def restore_dossier(
    request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId, dossier: schemas.RestoredDossier
) -> JsonResponse:
    """Restore one dossier

    As undoing a delivery, for one dossier alone. 409: nothing of it can go back, with what stands in the way.
    """
    delivery = delivery_or_404(request, delivery_id)
    only = find_in_live(delivery.customer, dossier.kind, dossier.source, dossier.extern_id)
    return _made(undo.undo(delivery, by=request.auth.user, only=only))


def _made(one: models.Delivery) -> JsonResponse:
    location = reverse("api-1:get_delivery", args=[one.customer.name, one.pk])
    return JsonResponse(delivery_json(one), status=201, headers={"Location": location})


@router.post("/retry", auth=Token("retry"), response=Delivery)
def retry_delivery(request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId) -> JsonResponse:
    """Retry a delivery

    One that has failed is checked and imported in training again, and then waits for approval. 409: it has not failed,
    its file is no longer kept, or a newer one has taken its place.
    """
    delivery = delivery_or_404(request, delivery_id)
    retry(delivery, by=request.auth.user)
    return JsonResponse(delivery_json(delivery))


@customer_router.post("/training/refresh", auth=Token("refresh"), response={202: schemas.Refreshed})
def refresh_training(request: TokenRequest, customer: CustomerName) -> JsonResponse:
    """Refresh training

    Training becomes a copy of live, as soon as no delivery is being imported there. 409: a refresh is in progress.
    """
    ask_refresh(request.auth.customer, by=request.auth.user)
    return JsonResponse({"refresh": "requested"}, status=202)
