"""Deliver a file and follow it."""

from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import JsonResponse
from django.urls import reverse
from ninja import File, Router, UploadedFile

from instroom.core.model import Limits
from instroom.core.report.counts import counts_of
from instroom.core.report.json_report import finding_json
from instroom.doors.api.access import Token, TokenRequest, delivery_or_404
from instroom.doors.api.deliveries import schemas
from instroom.doors.api.deliveries.documents import delivery_json
from instroom.doors.api.language import language_of
from instroom.doors.api.long_poll import Wait, wait_until
from instroom.doors.api.pagination import DEFAULT_LIMIT, PageRequest, page_response
from instroom.doors.api.problems import ApiProblem
from instroom.doors.api.schemas import Cursor, CustomerName, DeliveryId, Limit
from instroom.flow import delivery_document, find
from instroom.flow.delivery.check_alone import check_alone
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.receive_once import Received, receive_once
from instroom.flow.people.api_tokens import Pass
from instroom.flow.queries import overview
from instroom.flow.queries.timeline import timeline

router = Router(tags=["deliveries"])

_LISTED: Final = 1_000
"""Findings of a check that is no delivery: there is nothing to get a next page from."""

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
    complete: schemas.Complete = None,
    idempotency_key: schemas.IdempotencyKey = None,
) -> JsonResponse:
    """Deliver a file

    A CSV, XLSX or XML file of at most 64 MB. It is then checked, imported in training and planned against live: follow
    it at `Location`. Policies that you omit are those of the connection or the customer.
    """
    choices: dict[str, Any] = {
        **_asked(request, connection, layout, blank, on_error, skip_limit_percent, nothing_words),
        "corrects": delivery_or_404(request, corrects) if corrects else None,
        **({"complete": True} if complete else {}),  # else a key of before this choice stays known
    }
    received = _receive(request.auth, _valid_upload(file), (idempotency_key or "").strip('"'), choices)
    location = reverse("api-1:get_delivery", args=[request.auth.customer.name, received.delivery.pk])
    replayed = {"Idempotency-Replayed": "true"} if received.again else {}
    document = delivery_document.as_received(received.delivery)
    return JsonResponse(document, status=201, headers={"Location": location, **replayed})


@router.post(
    "/check",
    auth=Token("deliver"),
    response=schemas.CheckedFile,
    openapi_extra={"requestBody": _DELIVER["requestBody"]},
)
def check_file(
    request: TokenRequest,
    customer: CustomerName,
    file: File[UploadedFile],
    connection: schemas.ConnectionChoice = None,
    layout: schemas.LayoutChoice = None,
    blank: schemas.Blank = None,
    on_error: schemas.OnError = None,
    skip_limit_percent: schemas.SkipLimit = None,
    nothing_words: schemas.NothingWords = None,
) -> JsonResponse:
    """Check a file without delivering it

    What a delivery of this file would be told, also of what depends on live. Nothing of it is kept, there is no
    delivery, and nobody gets a message. At most 20 a minute.
    """
    upload, owner = _valid_upload(file), request.auth.customer
    choices = _asked(request, connection, layout, blank, on_error, skip_limit_percent, nothing_words)
    path = Path(upload.temporary_file_path())
    done = check_alone(path, owner, by=request.auth.user, name=upload.name or "", **choices)
    counts, language = counts_of(done.checked), language_of(request)
    listed = done.checked.findings[:_LISTED]
    document = {
        "file": done.checked.file.name,
        "layout": done.checked.layout,
        "verdict": done.checked.verdict,
        "rejected_for": done.rejected_for or None,
        "counts": counts,
        "listed": len(listed),
        "findings": [finding_json(finding, done.layout, language) for finding in listed],
    }
    return JsonResponse(document)


def _asked(
    request: TokenRequest,
    connection: str | None,
    layout: str | None,
    blank: str | None,
    on_error: str | None,
    skip_limit_percent: int | None,
    nothing_words: str | None,
) -> dict[str, Any]:
    """By what a file is to be read and checked."""
    policies = {
        "blank": blank,
        "on_error": on_error,
        "skip_limit_percent": skip_limit_percent,
        "nothing_words": nothing_words,
    }
    return {
        "connection": find.connection(request.auth.customer, connection, of=request.auth.user) if connection else None,
        "layout": layout,
        "policies": {name: value for name, value in policies.items() if value is not None},
    }


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
    connection: schemas.ConnectionFilter = None,
    file: schemas.FileFilter = None,
    since: schemas.SinceFilter = None,
    wait: Wait = 0,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> JsonResponse:
    """List deliveries

    Newest first. With `wait`, the answer comes as soon as there is a delivery that matches the filters. To follow all
    that happens, send the latest `changed_at` that you know as `since`.
    """
    page = PageRequest.read(limit, cursor)
    owner = request.auth.customer
    named = find.connections_ever(owner, connection) if connection else []
    wanted = overview.matching(
        owner, overview.DeliveriesFilter(state or "", named, file or "", since), by=request.auth.user
    )
    wait_until(wanted.exists, wait)
    found = overview.deliveries_before(wanted, page.before(), page.limit + 1)
    shown = found[: page.limit]
    documents = map(delivery_document.with_times, delivery_document.documents(shown), shown)
    return page_response(request, {"deliveries": list(documents)}, page.cursor_before(found))


@router.get("/{delivery_id}", auth=Token("read"), response=schemas.Delivery)
def get_delivery(
    request: TokenRequest,
    customer: CustomerName,
    delivery_id: DeliveryId,
    state: schemas.KnownState = None,
    wait: Wait = 0,
) -> JsonResponse:
    """Get a delivery

    Its state, the counts of its check, and what it does in training and in live. With `wait`, the answer comes as soon
    as Instroom is not at work on it: it has ended, or waits for a person or a time. With `state` too, it comes as soon
    as the delivery is in another state than that.
    """
    delivery = delivery_or_404(request, delivery_id)
    wait_until(lambda: overview.state_now(delivery) != state if state else overview.rests(delivery), wait)
    return JsonResponse(delivery_json(delivery_or_404(request, delivery_id)))


@router.get("/{delivery_id}/timeline", auth=Token("read"), response=schemas.Timeline)
def get_timeline(request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId) -> JsonResponse:
    """Get the timeline of a delivery

    Who did what and when, why it was rejected or refused, what it waits for, and which files of the answer are still
    being made.
    """
    return JsonResponse(timeline(delivery_or_404(request, delivery_id)))
