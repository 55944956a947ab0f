"""The plan of a delivery, change by change (product.md D1)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from instroom.doors.api import asked, documents
from instroom.doors.api.access import Token, delivery_of, visitor
from instroom.doors.api.answers import answer
from instroom.doors.api.pieces import DEFAULT, cursor, link, page_number, place, wrong_cursor
from instroom.doors.api.problems import Problem
from instroom.flow.seeing import show
from instroom.flow.seeing.plan_page import Filter, PlanPage, plan_page

router = Router(tags=["plan"])


@router.get("/plan", auth=Token("read"), response=documents.Plan)
def plan(
    request: HttpRequest,
    customer: asked.CustomerName,
    delivery_id: asked.DeliveryId,
    environment: asked.EnvironmentWanted = "live",
    what: asked.WhatWanted = None,
    kind: asked.KindWanted = None,
    text: asked.TextWanted = None,
    limit: asked.Limit = DEFAULT,
    cursor: asked.Cursor = None,
) -> HttpResponse:
    """What the delivery does, or would do, to each dossier, field by field. 404: there is no plan (yet). A cursor of a
    plan that has been made anew since is refused: begin again."""
    delivery = delivery_of(visitor(request), delivery_id)
    at = place(limit, cursor)
    seen, _, number = at.after.rpartition(".")
    wanted = Filter(what or "", kind or "", text or "")
    by = visitor(request).user.username
    found = plan_page(delivery, environment, wanted, page_number(number), at.limit, by)
    outcome = show.outcome(delivery, environment)
    if found is None or outcome is None:
        raise Problem("not-found")
    if at.after and seen != found.plan.pk.hex:
        raise wrong_cursor()
    after = _cursor(at.limit, found)
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


def _cursor(limit: int, found: PlanPage) -> str | None:
    page = found.page
    return cursor(limit, f"{found.plan.pk.hex}.{page.number + 1}") if page.number < page.pages else None
