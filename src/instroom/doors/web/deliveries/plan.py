"""The plan against live, on which an approver decides (product.md D1, D3)."""

from datetime import time, timedelta
from pathlib import Path
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from instroom.core.fields import Kind
from instroom.core.findings import CATALOGUE
from instroom.core.layout.loader import Layout
from instroom.core.report.plan_text import kept_label
from instroom.doors.web.deliveries.columns import columns_shown
from instroom.doors.web.deliveries.comments import comment_context
from instroom.doors.web.deliveries.notable_links import standing_out_context
from instroom.doors.web.deliveries.plan_chart import bars_of
from instroom.doors.web.deliveries.plan_rows import shown_row
from instroom.doors.web.deliveries.undo_conflicts import undo_conflicts_of
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.kept_searches import keep_search, kept_search
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_text, id_of, number_of, text_of
from instroom.doors.web.words.labels import reason_sentence
from instroom.flow import find
from instroom.flow.decisions import decisions_on
from instroom.flow.delivery.renewing import latest_renewal, renew_where_outdated
from instroom.flow.delivery.states import AWAITING_DECISION, LIST_GROUPS, RELEASABLE
from instroom.flow.delivery_document import cause_text
from instroom.flow.earlier_versions import fewer_than_before, part_lines
from instroom.flow.policies import approval_policies, next_quiet_hour, quiet_moment
from instroom.flow.queries.absent_page import absent_page
from instroom.flow.queries.plan_differences import counts_of
from instroom.flow.queries.plan_file import write_plan_workbook
from instroom.flow.queries.plan_page import ChangesFilter, PlanPage, plan_page, stands_out
from instroom.flow.site_clock import moment_on
from instroom.flow.two_persons import makers_who_may_not_approve
from instroom.store.files import scratch
from instroom.store.models import Delivery, Environment, Plan
from instroom.store.states import State

_ELSE_FROM = time(20)  # proposed where no quiet hours are agreed on


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer()
def plan(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """Totals, what stands out, and each change field by field. A search is posted, and answered by its address."""
    delivery = visit.delivery(delivery_id)
    if request.method == "POST":
        return _search(request)
    text = kept_search(request, text_of(request, "search"))
    field, dossier = text_of(request, "field"), id_of(request, "dossier")
    wanted = ChangesFilter(text_of(request, "what"), text_of(request, "kind"), text, field, dossier)
    looked = renew_where_outdated(delivery, by=visit.user)
    if looked in ("asked", "impossible"):
        cause = cause_text(delivery, current()) if looked == "impossible" else ""
        may_refuse = "refuse" in visit.actions
        return render(request, "plan_renewing.html", {"delivery": delivery, "cause": cause, "may_refuse": may_refuse})
    page = plan_page(delivery, Environment.LIVE, wanted, number_of(request), folded=True, by=visit.user)
    if page is None:
        raise Http404
    layout = find.layout(delivery.layout)
    context = {
        "delivery": delivery,
        "reason": reason_sentence(delivery.reason),
        "decisions": decisions_on(delivery),
        **standing_out_context(page.plan, layout, visit),
        "approved": delivery.state in RELEASABLE,
        "comes_to_nothing": delivery.state in LIST_GROUPS["not-done"],
        "is_outdated": looked == "outdated",
        "renewal": latest_renewal(delivery),
        **_changes(page, delivery, layout),
        "bars": bars_of(page.plan, visit.user),
        "columns": columns_shown(page.plan, layout),
        "kept": undo_conflicts_of(page.plan, layout, request),
        "differences": counts_of(delivery) if delivery.reason == "live-changed" else {},
        "part_lines": part_lines(delivery, current()),
        "fewer_records": fewer_than_before(delivery),
        **comment_context(request, visit, delivery, "plan"),
        **_decision(visit, delivery, page.plan),
    }
    return render(request, "plan.html", context)


def _search(request: HttpRequest) -> HttpResponse:
    text = form_text(request, "text").strip()
    asked = {name: form_text(request, name) for name in ("what", "kind", "field")}
    asked["search"] = keep_search(request, text) if text else ""
    return redirect(f"{request.path}?{urlencode({name: value for name, value in asked.items() if value})}#each")


def _changes(page: PlanPage, delivery: Delivery, layout: Layout) -> dict[str, object]:
    """The changes on the page, and what else can be asked for."""
    wanted = page.wanted
    return {
        "page": page.page,
        "plan": page.plan,
        "wanted": wanted,
        "is_filtered": any(wanted),
        "amount": page.amount,
        "fields": [(one, kept_label(one.kind, one.field, layout, current())) for one in page.fields],
        "field_asked": _field_label(wanted.field, layout),
        "counts": page.counts,
        "suggestion": page.suggestion,
        "choices": ("new", "changed", "removed", "linked", "relinked", "unlinked", "warned"),
        "stands_out": stands_out(page.counts),
        "warning_asked": wanted.what if wanted.what in CATALOGUE else "",
        "rows": [shown_row(row, layout, not delivery.undoes_id) for row in page.page.items],
    }


@require_safe
@for_customer()
def plan_file(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponseBase:
    """All of it as a workbook."""
    delivery = visit.delivery(delivery_id)
    with scratch.folder() as folder:
        path = folder / "plan.xlsx"
        if not write_plan_workbook(delivery, path, current(), by=visit.user):
            raise Http404
        return FileResponse(
            path.open("rb"), as_attachment=True, filename=f"{Path(delivery.file_name).stem} (plan).xlsx"
        )


@require_safe
@for_customer("look-up")
def absent(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """Who was in the file before and is not in this one."""
    delivery = visit.delivery(delivery_id)
    page = absent_page(delivery, number_of(request), by=visit.user)
    if page is None:
        raise Http404
    return render(request, "absent.html", {"delivery": delivery, "page": page})


def _field_label(field: str, layout: Layout) -> str:
    kind, _, name = field.partition(".")
    return kept_label(cast(Kind, kind), name, layout, current()) if field else ""


def _decision(visit: Visit, delivery: Delivery, plan: Plan) -> dict[str, object]:
    """What the person may decide, and when live is imported if nothing else is chosen (D3, D4)."""
    waits = plan.state == Plan.PLANNED and delivery.state in AWAITING_DECISION
    scheduled = plan.state == Plan.PLANNED and delivery.state == State.SCHEDULED
    able = "approve" in visit.actions
    own = able and (waits or scheduled) and visit.user.pk in makers_who_may_not_approve(delivery)
    rules, quiet = approval_policies(delivery), quiet_moment(delivery, plan.totals["records"])
    tomorrow = moment_on(timezone.localdate() + timedelta(days=1), _ELSE_FROM)
    proposed = (delivery.due_at if scheduled else quiet or next_quiet_hour(delivery)) or tomorrow
    return {
        "may_admit": waits and "privacy" in visit.actions and delivery.kind == Delivery.FILE,
        "may_decide": waits and able,
        "may_change": scheduled and able,
        "own": own,
        "waits_for_quiet": quiet is not None,
        "quiet_above": rules.quiet_above,
        "quiet_from": rules.quiet_from,
        "quiet_until": rules.quiet_until,
        "proposed": timezone.localtime(proposed).strftime("%Y-%m-%dT%H:%M"),
    }
