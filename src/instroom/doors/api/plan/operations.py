"""The plan of a delivery, change by change (product.md D1), and what moved since it was approved (D5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from instroom.doors.api import documents, parameters
from instroom.doors.api.access import Token, delivery_of, visitor
from instroom.doors.api.answers import answer
from instroom.doors.api.pagination import DEFAULT, Place, cursor, link, page_number, place, wrong_cursor
from instroom.doors.api.plan.schemas import Moved, MovedCounts
from instroom.doors.api.problems import Problem
from instroom.flow import delivery_document
from instroom.flow.paging import Page
from instroom.flow.queries.plan_changes import moved_page
from instroom.flow.queries.plan_page import Filter, plan_page
from instroom.store.models import Plan

router = Router(tags=["plan"])


@router.get("/plan", auth=Token("read"), response=documents.Plan)
def plan(
    request: HttpRequest,
    customer: parameters.CustomerName,
    delivery_id: parameters.DeliveryId,
    environment: parameters.EnvironmentWanted = "live",
    what: parameters.WhatWanted = None,
    kind: parameters.KindWanted = None,
    text: parameters.TextWanted = None,
    limit: parameters.Limit = DEFAULT,
    cursor: parameters.Cursor = None,
) -> HttpResponse:
    """What the delivery does, or would do, to each dossier, field by field. 404: there is no plan (yet). A cursor of a
    plan that has been made anew since is refused: begin again."""
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
    customer: parameters.CustomerName,
    delivery_id: parameters.DeliveryId,
    word: parameters.MovedWanted = None,
    limit: parameters.Limit = DEFAULT,
    cursor: parameters.Cursor = None,
) -> HttpResponse:
    """Where live moved after the approval such that the plan changed: what was approved beside what would happen now.
    404: nothing moved, or it has been decided since."""
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
    """Of which plan the piece before was, and which page this is. Raises Problem."""
    seen, _, number = after.rpartition(".")
    return seen, page_number(number)


def _cursor(at: Place, seen: str, plan: Plan, page: Page[Any]) -> str | None:
    """Where the next piece begins. Raises Problem where the piece before was of another plan."""
    if at.after and seen != plan.pk.hex:
        raise wrong_cursor()
    return cursor(at.limit, f"{plan.pk.hex}.{page.number + 1}") if page.number < page.pages else None
