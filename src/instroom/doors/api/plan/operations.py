"""The plan of a delivery, change by change (product.md D1), and what moved since it was approved (D5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from instroom.doors.api.access import Token, delivery_of, visitor
from instroom.doors.api.answers import answer
from instroom.doors.api.pagination import DEFAULT, Place, cursor, link, page_number, place, wrong_cursor
from instroom.doors.api.plan import schemas
from instroom.doors.api.plan.schemas import Moved, MovedCounts
from instroom.doors.api.problems import Problem
from instroom.doors.api.schemas import Cursor, CustomerName, DeliveryId, KindFilter, Limit
from instroom.flow import delivery_document
from instroom.flow.paging import Page
from instroom.flow.queries.plan_changes import moved_page
from instroom.flow.queries.plan_page import Filter, plan_page
from instroom.store.models import Plan

router = Router(tags=["plan"])


@router.get("/plan", auth=Token("read"), response=schemas.Plan)
def plan(
    request: HttpRequest,
    customer: CustomerName,
    delivery_id: DeliveryId,
    environment: schemas.PlanEnvironment = "live",
    what: schemas.ChangeFilter = None,
    kind: KindFilter = None,
    text: schemas.TextFilter = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> HttpResponse:
    """Get the plan of a delivery: what it does to each dossier, field by field. 404: there is no plan (yet). 422: the
    cursor belongs to an older plan; start again at the first page."""
    delivery = delivery_of(visitor(request), delivery_id)
    at = place(limit, cursor)
    seen, number = _begun(at.after)
    wanted = Filter(what or "", kind or "", text or "")
    by = visitor(request).user.username
    found = plan_page(delivery, environment, wanted, number, at.limit, by)
    outcome = delivery_document.outcome(delivery, environment)
    if found is None or outcome is None:
        raise Problem("not-found")
    after = _cursor(at, seen, found.plan, found.page)
    document = {
        "environment": environment,
        "digest": found.plan.digest,
        "made_at": timezone.localtime(found.plan.made_at).isoformat(timespec="seconds"),
        "outcome": outcome,
        "total": found.page.total,
        "changes": [{**row.document, "name": row.name, "warnings": row.warnings} for row in found.page.items],
        "next": after,
    }
    return answer(document, headers=link(request, after))


@router.get("/moved", auth=Token("read"), response=Moved)
def moved(
    request: HttpRequest,
    customer: CustomerName,
    delivery_id: DeliveryId,
    word: schemas.MovedFilter = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> HttpResponse:
    """Compare the plan that was approved with the plan that waits now, where live has changed since the approval. 404:
    nothing changed, or the new plan has been decided."""
    visit = visitor(request)
    at = place(limit, cursor)
    seen, number = _begun(at.after)
    found = moved_page(delivery_of(visit, delivery_id), word or "", number, at.limit, visit.user.username)
    if found is None:
        raise Problem("not-found")
    after = _cursor(at, seen, found.now, found.page)
    document = {
        "digest": found.now.digest,
        "approved_digest": found.approved.digest,
        "counts": {name: found.counts.get(name, 0) for name in MovedCounts.model_fields},
        "total": found.page.total,
        "moved": [one._asdict() for one in found.page.items],
        "next": after,
    }
    return answer(document, headers=link(request, after))


def _begun(after: str) -> tuple[str, int]:
    """The plan of the previous page, and the number of this one. Raises Problem."""
    seen, _, number = after.rpartition(".")
    return seen, page_number(number)


def _cursor(at: Place, seen: str, plan: Plan, page: Page[Any]) -> str | None:
    """The cursor of the next page. Raises Problem where the previous page belongs to another plan."""
    if at.after and seen != plan.pk.hex:
        raise wrong_cursor()
    return cursor(at.limit, f"{plan.pk.hex}.{page.number + 1}") if page.number < page.pages else None
