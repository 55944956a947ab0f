"""The answer and the plan, each as one page to print and to sign (product.md C4, D3)."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from instroom.core.layout.loader import Layout
from instroom.core.model import Finding
from instroom.core.report.change_lines import ChangedValue, lines_of
from instroom.core.report.counts import WORST_FIRST
from instroom.core.report.sentences import message, remedy
from instroom.doors.web.deliveries.notable_links import standing_out_context
from instroom.doors.web.deliveries.plan_chart import bars_of
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.language import current
from instroom.flow import find
from instroom.flow.decisions import decisions_on
from instroom.flow.delivery.renewing import renew_where_outdated
from instroom.flow.queries.findings_page import FindingsFilter, findings_page
from instroom.flow.queries.plan_page import ChangesFilter, PlanRow, plan_page
from instroom.store.models import Delivery, Environment

MOST: Final = 10_000
"""Findings, or changes: on paper those are 200 pages or more."""


class FindingLine(NamedTuple):
    finding: Finding
    message: str
    remedy: str
    """"" where it repeats the one before."""


@require_safe
@for_customer()
def answer_report(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """All that the check found, by kind."""
    delivery = visit.delivery(delivery_id)
    if not delivery.verdict or delivery.undoes_id:
        raise Http404
    found = findings_page(delivery, FindingsFilter(), size=MOST, by=visit.user)
    context = {
        "found": found,
        "kinds": list(_by_kind(found.page.items, find.layout(delivery.layout))),
        **_of(delivery),
    }
    return render(request, "answer_report.html", context)


@require_safe
@for_customer()
def plan_report(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """What a plan does to each dossier. One that has to be made anew first is shown by its own page."""
    delivery = visit.delivery(delivery_id)
    if renew_where_outdated(delivery, by=visit.user) not in ("current", "renewed"):
        return redirect("plan", visit.customer.name, delivery_id)
    found = plan_page(delivery, Environment.LIVE, ChangesFilter(), size=MOST, by=visit.user)
    if found is None:
        raise Http404
    layout = find.layout(delivery.layout)
    context = {
        "plan": found.plan,
        "page": found.page,
        "rows": [(row, _lines(row, layout)) for row in found.page.items],
        "bars": bars_of(found.plan, visit.user),
        **standing_out_context(found.plan, layout, visit),
        **_of(delivery),
    }
    return render(request, "plan_report.html", context)


def _of(delivery: Delivery) -> dict[str, object]:
    """What both say of a delivery: who did what, and when."""
    return {"delivery": delivery, "decisions": decisions_on(delivery), "now": timezone.now()}


def _lines(row: PlanRow, layout: Layout) -> list[ChangedValue]:
    """Of a dossier that is new or goes, forty lines would say what its name says."""
    if row.document["action"] in ("new", "removed"):
        return []
    return lines_of(row.document, layout, current(), companies=row.companies)


def _by_kind(found: Iterable[Finding], layout: Layout) -> Iterator[tuple[str, str, list[FindingLine]]]:
    """Severity, code and lines: the worst first, and of each kind in the order of the file."""

    def kind(one: Finding) -> tuple[int, str]:
        return WORST_FIRST.index(one.severity), one.code

    for (rank, code), of_kind in groupby(sorted(found, key=kind), kind):
        lines, before = [], ""
        for one in of_kind:
            advice = remedy(one, layout, current())
            lines.append(FindingLine(one, message(one, layout, current()), advice if advice != before else ""))
            before = advice
        yield WORST_FIRST[rank], code, lines
