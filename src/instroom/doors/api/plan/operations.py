"""The plan of a delivery, change by change (product.md D1), and what changed since it was approved (D5)."""

from pathlib import Path

from django.http import HttpResponseBase, JsonResponse
from ninja import Router

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.report.notable_text import frequent_text
from instroom.doors.api.access import Token, TokenRequest, delivery_or_404
from instroom.doors.api.file_responses import file_response, openapi_file
from instroom.doors.api.language import language_of
from instroom.doors.api.pagination import DEFAULT_LIMIT, PageRequest, page_response
from instroom.doors.api.plan import schemas
from instroom.doors.api.problems import ApiProblem
from instroom.doors.api.schemas import Cursor, CustomerName, DeliveryId, Limit
from instroom.flow import delivery_columns, delivery_document, find
from instroom.flow.delivery.renewing import renew_where_outdated
from instroom.flow.queries.plan_differences import differences_page
from instroom.flow.queries.plan_file import write_plan_workbook
from instroom.flow.queries.plan_page import ChangesFilter, plan_page
from instroom.flow.site_clock import iso_moment
from instroom.flow.standing_out import frequent_values_of, standing_out, texts_of
from instroom.store.models import Environment, Plan

router = Router(tags=["plan"])


@router.get("/plan", auth=Token("read"), response=schemas.Plan)
def get_plan(
    request: TokenRequest,
    customer: CustomerName,
    delivery_id: DeliveryId,
    environment: schemas.PlanEnvironment = "live",
    change: schemas.ChangeFilter = None,
    kind: schemas.KindFilter = None,
    text: schemas.TextFilter = None,
    field: schemas.FieldFilter = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> JsonResponse:
    """Get the plan of a delivery

    What it does to each dossier, field by field. Where live has changed, the plan that waits for a decision is made
    anew for who may approve or deliver; `renewing` says that this has not ended. 404: there is no plan yet, or there
    will be none. 422: the cursor belongs to an older plan; start again at the first page.
    """
    delivery = delivery_or_404(request, delivery_id)
    asked = PageRequest.read(limit, cursor)
    wanted = ChangesFilter(change or "", kind or "", text or "", field or "")
    renewing = environment == Environment.LIVE and renew_where_outdated(delivery, by=request.auth.user) == "asked"
    found = plan_page(delivery, environment, wanted, asked.number(), asked.limit, by=request.auth.user)
    if found is None:
        raise ApiProblem("not-found")
    layout = find.layout(delivery.layout)
    columns = delivery_columns.columns_of(found.plan) if environment == Environment.LIVE else None
    document = {
        "environment": environment,
        "digest": found.plan.digest,
        "made_at": iso_moment(found.plan.made_at),
        "renewing": renewing,
        "outcome": delivery_document.outcome(found.plan),
        "stands_out": _stands_out(found.plan, language_of(request)) if environment == Environment.LIVE else [],
        "frequent": _frequent(found.plan, layout, language_of(request)) if environment == Environment.LIVE else [],
        "columns": delivery_columns.document(columns, layout, language_of(request)) if columns else None,
        "total": found.page.total,
        "changes": [{**row.document, "name": row.name, "warnings": row.warnings} for row in found.page.items],
    }
    return page_response(request, document, asked.cursor_after(found.page, version=found.plan.pk.hex))


def _stands_out(plan: Plan, lang: Language) -> list[dict[str, object]]:
    found = standing_out(plan)
    return [one._asdict() | {"message": text} for one, text in zip(found, texts_of(found, lang), strict=True)]


def _frequent(plan: Plan, layout: Layout, lang: Language) -> list[dict[str, object]]:
    return [one._asdict() | {"message": frequent_text(one._asdict(), layout, lang)} for one in frequent_values_of(plan)]


@router.get("/plan/workbook", auth=Token("read"), response={200: None}, openapi_extra=openapi_file("xlsx"))
def download_plan(request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId) -> HttpResponseBase:
    """Download the plan as a workbook

    The plan against live, with a row for each value that changes. All cells are text. 404: there is no plan.
    """
    delivery = delivery_or_404(request, delivery_id)

    def write(target: Path) -> Path | None:
        return target if write_plan_workbook(delivery, target, language_of(request), by=request.auth.user) else None

    response = file_response("plan.xlsx", write)
    if response is None:
        raise ApiProblem("not-found")
    return response


@router.get("/differences", auth=Token("read"), response=schemas.PlanDifferences)
def compare_plans(
    request: TokenRequest,
    customer: CustomerName,
    delivery_id: DeliveryId,
    word: schemas.DifferenceFilter = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> JsonResponse:
    """Compare the plan with the one that was approved

    Live has changed since the approval, and the plan with it: what was approved beside what would happen now. 404:
    nothing changed, or the new plan has been decided on. 422: as for the plan.
    """
    delivery = delivery_or_404(request, delivery_id)
    asked = PageRequest.read(limit, cursor)
    found = differences_page(delivery, word or "", asked.number(), asked.limit, by=request.auth.user)
    if found is None:
        raise ApiProblem("not-found")
    document = {
        "digest": found.now.digest,
        "approved_digest": found.approved.digest,
        "counts": {name: found.counts.get(name, 0) for name in schemas.DifferenceCounts.model_fields},
        "total": found.page.total,
        "differences": [difference._asdict() for difference in found.page.items],
    }
    return page_response(request, document, asked.cursor_after(found.page, version=found.now.pk.hex))
