"""What was found in a delivery, and the answer to the supplier as files (product.md C4)."""

from pathlib import Path
from typing import Literal

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import P, PathEx, QueryEx, Router

from instroom.core.model import FileFormat
from instroom.core.report.files import SUFFIXES
from instroom.core.report.files import Kind as ReportKind
from instroom.core.report.json_report import finding_json
from instroom.doors.api.access import Token, delivery_of, visitor
from instroom.doors.api.answers import answer, file_answer, file_document
from instroom.doors.api.deliveries import schemas
from instroom.doors.api.language import language_of
from instroom.doors.api.pagination import DEFAULT, cursor, link, page_number, place
from instroom.doors.api.schemas import Cursor, CustomerName, DeliveryId, Limit
from instroom.flow import find
from instroom.flow.delivery.answer import answer_of
from instroom.flow.queries.findings_page import Filter, findings_page

router = Router(tags=["findings"])

FileKind = PathEx[
    Literal["annotated", "rejected", "report"],
    P(
        description="`annotated`: the supplier's own workbook with comments; `rejected`: only the faulty records, in"
        " the delivery layout; `report`: all findings as CSV."
    ),
]
_NOT_HELD = {"Instroom-Not-Held": "How many faulty records this format cannot represent; CSV can represent all."}
FormatOfRejected = QueryEx[
    FileFormat | None, P(alias="format", description="The format of `rejected`; by default that of the delivered file.")
]


@router.get("/findings", auth=Token("read"), response=schemas.Findings)
def findings(
    request: HttpRequest,
    customer: CustomerName,
    delivery_id: DeliveryId,
    severity: schemas.SeverityFilter = None,
    code: schemas.CodeFilter = None,
    column: schemas.ColumnFilter = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> HttpResponse:
    """List the findings of a delivery, including those that depend on live. The list is empty before the check."""
    visit = visitor(request)
    delivery = delivery_of(visit, delivery_id)
    at = place(limit, cursor)
    wanted = Filter(severity or "", code or "", column or "")
    page = findings_page(delivery, wanted, page_number(at.after), at.limit, visit.user.username).page
    layout = find.layout(delivery.layout)
    after = _cursor(at.limit, page.number, page.pages)
    document = {
        "total": page.total,
        "findings": [finding_json(one, layout, language_of(request)) for one in page.items],
        "next": after,
    }
    return answer(document, headers=link(request, after))


def _cursor(limit: int, number: int, pages: int) -> str | None:
    return cursor(limit, number + 1) if number < pages else None


@router.get(
    "/files/{kind}",
    auth=Token("read"),
    response={200: None, 204: None},
    openapi_extra=file_document("xlsx", "csv", "xml", headers=_NOT_HELD),
)
def answer_file(
    request: HttpRequest,
    customer: CustomerName,
    delivery_id: DeliveryId,
    kind: FileKind,
    form: FormatOfRejected = None,
) -> HttpResponseBase:
    """Download the answer as a file. 204: there are no rejected records. 409: it has not been checked yet, or it is an
    undo."""
    visit = visitor(request)
    delivery = delivery_of(visit, delivery_id)
    suffix, found = _suffix(kind, form or delivery.file_format), answer_of(delivery, visit.user.username)

    def write(target: Path) -> Path | None:
        return target if found.write(kind, target, language_of(request)) else None

    made = file_answer(f"{kind}{suffix}", write)
    if made is None:
        return HttpResponse(status=204)
    made.headers["Instroom-Not-Held"] = str(len(found.rows_not_held(kind, suffix)))
    return made


def _suffix(kind: ReportKind, wanted: str) -> str:
    """The form that is wanted, where the report can be of it."""
    return f".{wanted}" if f".{wanted}" in SUFFIXES[kind] else SUFFIXES[kind][0]
