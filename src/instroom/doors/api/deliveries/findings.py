"""The findings of a delivery, and the answer to the supplier as files (product.md C4)."""

from typing import Literal

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from ninja import P, PathEx, QueryEx, Router

from instroom.core.model import FileFormat
from instroom.core.report.files import SUFFIXES, AnswerKind
from instroom.core.report.json_report import finding_json
from instroom.doors.api.access import Token, TokenRequest, delivery_or_404
from instroom.doors.api.deliveries import schemas
from instroom.doors.api.file_responses import openapi_file, stream
from instroom.doors.api.language import language_of
from instroom.doors.api.pagination import DEFAULT_LIMIT, PageRequest, page_response
from instroom.doors.api.schemas import Cursor, CustomerName, DeliveryId, Limit
from instroom.flow import find
from instroom.flow.delivery.answer import answer_of
from instroom.flow.delivery.part_names import part_name
from instroom.flow.queries.findings_page import FindingsFilter, findings_page

router = Router(tags=["findings"])

FileKind = PathEx[
    Literal["annotated", "rejected", "report", "whole"],
    P(
        description="`annotated`: the supplier's own workbook with comments; `rejected`: only the faulty records, in"
        " the delivery layout; `report`: all findings as CSV; `whole`: all records of a file that was put in the"
        " version before, in the delivery layout."
    ),
]
_HEADERS = {"Instroom-Not-Held": "How many of the records this format cannot represent; CSV can represent all."}
RejectedFormat = QueryEx[
    FileFormat | None,
    P(alias="format", description="The format of `rejected` and `whole`; by default that of the delivered file."),
]


@router.get("/findings", auth=Token("read"), response=schemas.Findings)
def list_findings(
    request: TokenRequest,
    customer: CustomerName,
    delivery_id: DeliveryId,
    severity: schemas.SeverityFilter = None,
    code: schemas.CodeFilter = None,
    column: schemas.ColumnFilter = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> JsonResponse:
    """List the findings of a delivery

    Including those that depend on live. The list is empty before the check.
    """
    delivery = delivery_or_404(request, delivery_id)
    asked = PageRequest.read(limit, cursor)
    wanted = FindingsFilter(severity or "", code or "", column or "")
    found = findings_page(delivery, wanted, asked.number(), asked.limit, by=request.auth.user)
    page = found.page
    layout, language = find.layout(delivery.layout), language_of(request)
    document = {
        "total": found.amount,
        **({"listed": page.total} if page.total < found.amount else {}),
        "findings": [finding_json(finding, layout, language) for finding in page.items],
    }
    return page_response(request, document, asked.cursor_after(page))


@router.get(
    "/files/{kind}",
    auth=Token("read"),
    response={200: None, 204: None},
    openapi_extra=openapi_file("xlsx", "csv", "xml", headers=_HEADERS),
)
def download_answer(
    request: TokenRequest,
    customer: CustomerName,
    delivery_id: DeliveryId,
    kind: FileKind,
    file_format: RejectedFormat = None,
) -> HttpResponseBase:
    """Download the answer to a delivery

    204: there are no rejected records. 404: there is no `whole`. 409: it has not been checked yet, or it is an
    undo. 503: it is being made;
    `Retry-After` says when to come again.
    """
    delivery = delivery_or_404(request, delivery_id)
    suffix = _suffix(kind, file_format or delivery.file_format)
    made = answer_of(delivery, by=request.auth.user).report(kind, suffix, language_of(request))
    content = made.opened()
    if content is None:
        return HttpResponse(status=204)
    response = stream(content, part_name(delivery, suffix) if kind == "rejected" else f"{kind}{suffix}")
    response.headers["Instroom-Not-Held"] = str(len(made.not_held))
    return response


def _suffix(kind: AnswerKind, file_format: str) -> str:
    """That of the format, or of the report's own format if it has no such form."""
    return f".{file_format}" if f".{file_format}" in SUFFIXES[kind] else SUFFIXES[kind][0]
