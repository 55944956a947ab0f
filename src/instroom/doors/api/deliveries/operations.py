"""Deliver a file and follow it."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import File, Router, UploadedFile

from instroom.core.model import Limits
from instroom.doors.api import documents, parameters
from instroom.doors.api.access import Token, delivery_of, visitor
from instroom.doors.api.answers import answer
from instroom.doors.api.pagination import DEFAULT, cursor_before, id_before, link, place
from instroom.doors.api.problems import Problem
from instroom.flow import delivery_document
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.receive_once import Received, receive_once
from instroom.flow.people.api_tokens import Pass
from instroom.flow.queries import course as flow_course
from instroom.flow.queries import overview

router = Router(tags=["deliveries"])

_FILE = {"minLength": 1, "description": "CSV, XLSX or XML: the content decides which it is, not the name."}
_DELIVER = {
    "requestBody": {"content": {"multipart/form-data": {"schema": {"properties": {"file": _FILE}}}}},
    "responses": {
        201: {
            "headers": {
                "Location": {"description": "Where to follow it.", "schema": {"type": "string"}},
                "Idempotency-Replayed": {
                    "description": "`true` where it had been taken in before under this key.",
                    "schema": {"type": "string", "enum": ["true"]},
                },
            }
        }
    },
}


@router.post(
    "",
    auth=Token("deliver", takes="multipart/form-data"),
    response={201: documents.Delivery},
    openapi_extra=_DELIVER,
)
def deliver(
    request: HttpRequest,
    customer: parameters.CustomerName,
    file: File[UploadedFile],
    connection: parameters.ConnectionChosen = None,
    layout: parameters.LayoutChosen = None,
    blank: parameters.Blank = None,
    on_error: parameters.OnError = None,
    skip_limit_percent: parameters.SkipLimit = None,
    corrects: parameters.Corrects = None,
    idempotency_key: parameters.RepeatKey = None,
) -> HttpResponse:
    """Deliver a CSV, XLSX or XML file of at most 64 MB. It is checked, imported in training and planned against live
    soon after: follow it at Location. What is not said of the policies is as the connection or the customer has it."""
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


@router.get("", auth=Token("read"), response=documents.Deliveries)
def deliveries(
    request: HttpRequest,
    customer: parameters.CustomerName,
    state: parameters.StateWanted = None,
    limit: parameters.Limit = DEFAULT,
    cursor: parameters.Cursor = None,
) -> HttpResponse:
    """All deliveries, the newest first."""
    at = place(limit, cursor)
    found = overview.deliveries_before(visitor(request).customer, state or "", id_before(at.after), at.limit + 1)
    after = cursor_before(at.limit, found)
    shown = delivery_document.documents(found[: at.limit])
    return answer({"deliveries": shown, "next": after}, headers=link(request, after))


@router.get("/{delivery_id}", auth=Token("read"), response=documents.Delivery, url_name="delivery")
def delivery(
    request: HttpRequest, customer: parameters.CustomerName, delivery_id: parameters.DeliveryId
) -> HttpResponse:
    """How far it is, what was found, and what it does, or would do, in training and live."""
    return answer(delivery_document.document(delivery_of(visitor(request), delivery_id)))


@router.get("/{delivery_id}/course", auth=Token("read"), response=documents.Course)
def course(request: HttpRequest, customer: parameters.CustomerName, delivery_id: parameters.DeliveryId) -> HttpResponse:
    """What was done with it, by whom and when; why it was rejected or refused; until when it waits."""
    return answer(flow_course.course(delivery_of(visitor(request), delivery_id)))
