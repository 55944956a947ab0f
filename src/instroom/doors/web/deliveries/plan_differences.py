"""What has changed in live since the approval, so that the plan is different (product.md D5)."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from instroom.core.layout.loader import Layout
from instroom.core.report.change_lines import ChangedValue, lines_of
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import number_of, text_of
from instroom.flow import find
from instroom.flow.delivery_document import Document
from instroom.flow.queries.plan_differences import Difference, differences_page

_NO_VALUE = ChangedValue("", "", "")


class ValuePair(NamedTuple):
    """One value, as the approved plan would have changed it and as the one that waits does."""

    label: str
    approved: ChangedValue | None
    now: ChangedValue | None


@require_safe
@for_customer()
def plan_differences(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """Change by change: what was approved beside what would happen now; the plan alone where nothing did."""
    delivery = visit.delivery(delivery_id)
    word = text_of(request, "word")
    page = differences_page(delivery, word, number_of(request), by=visit.user)
    if page is None:
        return redirect("plan", visit.customer.name, delivery_id)
    layout = find.layout(delivery.layout)
    context = {
        "delivery": delivery,
        "word": word,
        "counts": page.counts,
        "page": page.page,
        "rows": [(one, one.now or one.approved, list(_pairs(one, layout))) for one in page.page.items],
    }
    return render(request, "plan_differences.html", context)


def _pairs(one: Difference, layout: Layout) -> Iterator[ValuePair]:
    """The lines that differ, those of the approved plan first."""
    olds, news = _lines(one.approved, layout), _lines(one.now, layout)
    for name in olds | news:
        old, new = olds.get(name), news.get(name)
        if old != new:
            yield ValuePair((old or new or _NO_VALUE).label, old, new)


def _lines(change: Document | None, layout: Layout) -> dict[tuple[str, str], ChangedValue]:
    """The lines of a change by label; a category by itself too, since a dossier may have several."""
    lines = lines_of(change, layout, current()) if change else []
    return {(line.label, line.old + line.new if line.category else ""): line for line in lines}
