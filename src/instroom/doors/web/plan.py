"""The plan against live, for who decides on it (product.md D1, D3)."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from instroom.doors.web.access import Visit, for_customer
from instroom.doors.web.asked import number_of, text_of
from instroom.doors.web.change_lines import lines_of
from instroom.doors.web.language import current
from instroom.doors.web.said import reason_sentence
from instroom.doors.web.totals import bars_of
from instroom.flow import find
from instroom.flow.plan_page import Filter, plan_page, stands_out
from instroom.store.models import Environment, Plan

QUIET_FROM = time(20)  # D4
MANY_RECORDS = 2000  # D4: from here on the quiet hours are proposed


@require_safe
@for_customer()
def plan(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """Totals, what stands out, and each change field by field."""
    delivery = visit.delivery(delivery_id)
    wanted = Filter(text_of(request, "what"), text_of(request, "kind"), text_of(request, "text"))
    page = plan_page(delivery, Environment.LIVE, wanted, number_of(request))
    if page is None:
        raise Http404
    layout = find.layout(delivery.layout)
    waits = page.plan.state == Plan.PLANNED and delivery.state in ("awaiting-approval", "held")
    context = {
        "delivery": delivery,
        "reason": reason_sentence(delivery.reason),
        "page": page.page,
        "plan": page.plan,
        "wanted": wanted,
        "counts": page.counts,
        "choices": ("new", "changed", "removed", "linked", "relinked", "unlinked", "warned"),
        "stands_out": stands_out(page.counts),
        "rows": [(row, lines_of(row.document, layout, current())) for row in page.page.items],
        "bars": bars_of(page.plan),
        "may_decide": waits and "approve" in visit.actions,
        "many": page.plan.totals["records"] > MANY_RECORDS,
        "quiet": _next_quiet_hour().strftime("%Y-%m-%dT%H:%M"),
    }
    return render(request, "plan.html", context)


def _next_quiet_hour() -> datetime:
    now = timezone.localtime().replace(tzinfo=None)
    at = datetime.combine(now.date(), QUIET_FROM)
    return at if at > now else at + timedelta(days=1)
