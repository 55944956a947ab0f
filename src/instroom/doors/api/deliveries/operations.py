"""Deliver a file and follow it."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import File, Router, UploadedFile

from instroom.core.model import Limits
from instroom.doors.api.access import Token, delivery_of, visitor
from instroom.doors.api.answers import answer
from instroom.doors.api.deliveries import schemas
from instroom.doors.api.pagination import DEFAULT, cursor_before, id_before, link, place
from instroom.doors.api.problems import Problem
from instroom.doors.api.schemas import Cursor, CustomerName, DeliveryId, Limit
from instroom.flow import delivery_document
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.receive_once import Received, receive_once
from instroom.flow.people.api_tokens import Pass
from instroom.flow.queries import course as flow_course
from instroom.flow.queries import overview

router = Router(tags=["deliveries"])

_FILE = {"minLength": 1, "description": "CSV, XLSX or XML. The content decides, not the name."}
_DELIVER = {
    "requestBody": {"content": {"multipart/form-data": {"schema": {"properties": {"file": _FILE}}}}},
    "responses": {
        201: {
            "headers": {
                "Location": {"description": "The address of the delivery.", "schema": {"type": "string"}},
                "Idempotency-Replayed": {
                    "description": "`true` if this key had already delivered the file.",
                    "schema": {"type": "string", "enum": ["true"]},
                },
            }
        }
    },
}


@router.post(
    "",
    auth=Token("deliver", takes="multipart/form-data"),
    response={201: schemas.Delivery},
    openapi_extra=_DELIVER,
)
def deliver(
    request: HttpRequest,
    customer: CustomerName,
    file: File[UploadedFile],
    connection: schemas.ConnectionChoice = None,
    layout: schemas.LayoutChoice = None,
    blank: schemas.Blank = None,
    on_error: schemas.OnError = None,
    skip_limit_percent: schemas.SkipLimit = None,
    corrects: schemas.Corrects = None,
    idempotency_key: schemas.IdempotencyKey = None,
) -> HttpResponse:
    """Deliver a CSV, XLSX or XML file of at most 64 MB. It is then checked, imported in training and planned against
    live: follow it at `Location`. Policies that you omit are those of the connection or the customer."""
    visit = visitor(request)
    policies = {"blank": blank, "on_error": on_error, "skip_limit_percent": skip_limit_percent}
    known: dict[str, Any] = {
        "connection": connection,
        "layout": layout,
        "policies": {name: value for name, value in policies.items() if value is not None},
        "corrects": delivery_of(visit, corrects) if corrects else None,
    }
    done = _received(visit, _sound(file), (idempotency_key or "").strip('"'), known)
    where = reverse("api-1:delivery", args=[visit.customer.name, done.delivery.pk])
    again = {"Idempotency-Replayed": "true"} if done.again else {}
    return answer(delivery_document.as_received(done.delivery), 201, {"Location": where, **again})


def _sound(file: UploadedFile) -> TemporaryUploadedFile:
    """A file that can be taken in. Raises Problem."""
    if not isinstance(file, TemporaryUploadedFile) or not file.size:
        raise Problem("invalid", errors=[{"loc": ("file", "file"), "type": "empty"}])
    if file.size > Limits().file_bytes:
        raise Problem("too-large")
    return file


def _received(visit: Pass, file: TemporaryUploadedFile, key: str, known: dict[str, Any]) -> Received:
    path, customer, by = Path(file.temporary_file_path()), visit.customer.name, visit.user.username
    if key:
        return receive_once(key, path, customer, by=by, name=file.name, **known)
    return Received(receive(path, customer, by=by, name=file.name, by_program=True, **known), again=False)


@router.get("", auth=Token("read"), response=schemas.Deliveries)
def deliveries(
    request: HttpRequest,
    customer: CustomerName,
    state: schemas.StateFilter = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> HttpResponse:
    """List deliveries, newest first."""
    at = place(limit, cursor)
    found = overview.deliveries_before(visitor(request).customer, state or "", id_before(at.after), at.limit + 1)
    after = cursor_before(at.limit, found)
    shown = delivery_document.documents(found[: at.limit])
    return answer({"deliveries": shown, "next": after}, headers=link(request, after))


@router.get("/{delivery_id}", auth=Token("read"), response=schemas.Delivery, url_name="delivery")
def delivery(request: HttpRequest, customer: CustomerName, delivery_id: DeliveryId) -> HttpResponse:
    """Get a delivery: its state, the counts of its check, and what it does in training and in live."""
    return answer(delivery_document.document(delivery_of(visitor(request), delivery_id)))


@router.get("/{delivery_id}/course", auth=Token("read"), response=schemas.Course)
def course(request: HttpRequest, customer: CustomerName, delivery_id: DeliveryId) -> HttpResponse:
    """Get the events of a delivery: who did what and when, why it was rejected or refused, what it waits for."""
    return answer(flow_course.course(delivery_of(visitor(request), delivery_id)))
