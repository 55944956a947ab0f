"""Deliver a file and follow it."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import JsonResponse
from django.urls import reverse
from ninja import File, Router, UploadedFile

from instroom.core.model import Limits
from instroom.doors.api.access import Token, TokenRequest, delivery_or_404
from instroom.doors.api.deliveries import schemas
from instroom.doors.api.pagination import DEFAULT_LIMIT, PageRequest, page_response
from instroom.doors.api.problems import ApiProblem
from instroom.doors.api.schemas import Cursor, CustomerName, DeliveryId, Limit
from instroom.flow import delivery_document, find
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.receive_once import Received, receive_once
from instroom.flow.people.api_tokens import Pass
from instroom.flow.queries import overview
from instroom.flow.queries.timeline import timeline

router = Router(tags=["deliveries"])

_FILE = {"minLength": 1, "description": "CSV, XLSX or XML. The content decides, not the name."}
_DELIVER = {
    "requestBody": {"content": {"multipart/form-data": {"schema": {"properties": {"file": _FILE}}}}},
    "responses": {
        201: {
            "headers": {
                "Location": {"description": "The address of the delivery.", "schema": {"type": "string"}},
                "Idempotency-Replayed": {
                    "description": "`true` if an earlier request with this key has delivered the file.",
                    "schema": {"type": "string", "enum": ["true"]},
                },
            }
        }
    },
}


@router.post(
    "",
    auth=Token("deliver"),
    response={201: schemas.Delivery},
    openapi_extra=_DELIVER,
)
def deliver_file(
    request: TokenRequest,
    customer: CustomerName,
    file: File[UploadedFile],
    connection: schemas.ConnectionChoice = None,
    layout: schemas.LayoutChoice = None,
    blank: schemas.Blank = None,
    on_error: schemas.OnError = None,
    skip_limit_percent: schemas.SkipLimit = None,
    nothing_words: schemas.NothingWords = None,
    corrects: schemas.Corrects = None,
    idempotency_key: schemas.IdempotencyKey = None,
) -> JsonResponse:
    """Deliver a file

    A CSV, XLSX or XML file of at most 64 MB. It is then checked, imported in training and planned against live: follow
    it at `Location`. Policies that you omit are those of the connection or the customer.
    """
    policies = {
        "blank": blank,
        "on_error": on_error,
        "skip_limit_percent": skip_limit_percent,
        "nothing_words": nothing_words,
    }
    choices: dict[str, Any] = {
        "connection": find.connection(request.auth.customer, connection) if connection else None,
        "layout": layout,
        "policies": {name: value for name, value in policies.items() if value is not None},
        "corrects": delivery_or_404(request, corrects) if corrects else None,
    }
    received = _receive(request.auth, _valid_upload(file), (idempotency_key or "").strip('"'), choices)
    location = reverse("api-1:get_delivery", args=[request.auth.customer.name, received.delivery.pk])
    replayed = {"Idempotency-Replayed": "true"} if received.again else {}
    document = delivery_document.as_received(received.delivery)
    return JsonResponse(document, status=201, headers={"Location": location, **replayed})


def _valid_upload(file: UploadedFile) -> TemporaryUploadedFile:
    """Raises ApiProblem for a file that is empty or too large."""
    if not isinstance(file, TemporaryUploadedFile) or not file.size:
        raise ApiProblem("invalid", errors=[{"loc": ("file", "file"), "type": "empty"}])
    if file.size > Limits().file_bytes:
        raise ApiProblem("too-large")
    return file


def _receive(token: Pass, file: TemporaryUploadedFile, key: str, choices: dict[str, Any]) -> Received:
    path = Path(file.temporary_file_path())
    if key:
        return receive_once(key, path, token.customer, by=token.user, name=file.name, **choices)
    delivery = receive(path, token.customer, by=token.user, name=file.name, by_program=True, **choices)
    return Received(delivery, again=False)


@router.get("", auth=Token("read"), response=schemas.Deliveries)
def list_deliveries(
    request: TokenRequest,
    customer: CustomerName,
    state: schemas.StateFilter = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> JsonResponse:
    """List deliveries

    Newest first.
    """
    page = PageRequest.read(limit, cursor)
    found = overview.deliveries_before(request.auth.customer, state or "", page.before(), page.limit + 1)
    documents = delivery_document.documents(found[: page.limit])
    return page_response(request, {"deliveries": documents}, page.cursor_before(found))


@router.get("/{delivery_id}", auth=Token("read"), response=schemas.Delivery)
def get_delivery(request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId) -> JsonResponse:
    """Get a delivery

    Its state, the counts of its check, and what it does in training and in live.
    """
    return JsonResponse(delivery_document.document(delivery_or_404(request, delivery_id)))


@router.get("/{delivery_id}/timeline", auth=Token("read"), response=schemas.Timeline)
def get_timeline(request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId) -> JsonResponse:
    """Get the timeline of a delivery

    Who did what and when, why it was rejected or refused, and what it waits for.
    """
    return JsonResponse(timeline(delivery_or_404(request, delivery_id)))
