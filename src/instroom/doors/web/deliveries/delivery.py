"""One delivery: how far it is, and the answer to the supplier (product.md C4)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from instroom.core.model import Limits
from instroom.core.report.change_lines import ChangedValue
from instroom.core.report.text_differences import difference_text
from instroom.core.report.visible import visible
from instroom.doors.web.deliveries.answer_files import answer_context
from instroom.doors.web.deliveries.columns import columns_shown
from instroom.doors.web.deliveries.comments import comment_context
from instroom.doors.web.deliveries.findings import findings_context
from instroom.doors.web.deliveries.next_step import next_step
from instroom.doors.web.deliveries.parts import part_context
from instroom.doors.web.deliveries.plan_chart import bars_of
from instroom.doors.web.deliveries.progress import is_at_work, steps_of
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.language import current
from instroom.doors.web.words.labels import event_word, reason_sentence
from instroom.flow import delivery_document, find
from instroom.flow.connections.connections import of_customer
from instroom.flow.decisions import approver_of, decisions_on
from instroom.flow.delivery.decide import may_be_withdrawn
from instroom.flow.delivery.forget import kept_until
from instroom.flow.delivery.states import AWAITING_DECISION, ENDED_BADLY, LIST_GROUPS, RELEASABLE
from instroom.flow.delivery.undo import is_undoable, undos_of
from instroom.flow.delivery.versions import can_be_corrected, compared, versions_of
from instroom.flow.nearest_name import nearest_connection
from instroom.flow.queries.overview import events
from instroom.flow.queries.plan_differences import counts_of
from instroom.flow.waits import waits_until
from instroom.store.models import Delivery, Environment, Plan
from instroom.store.states import State


@require_safe
@for_customer()
def delivery(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    return render(request, "delivery.html", _context(request, visit, visit.delivery(delivery_id)))


@require_safe
@for_customer()
def progress(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """How far it is, for the page that asks again and again; when there is more to see, the whole answer instead."""
    one = visit.delivery(delivery_id)
    if is_at_work(one):
        return render(request, "_progress.html", {"delivery": one, "steps": steps_of(one), "at_work": True})
    request.path = reverse("delivery", args=[visit.customer.name, one.pk])  # where the page that asks stands
    response = render(request, "_delivery_done.html", _context(request, visit, one))
    response.headers["HX-Retarget"], response.headers["HX-Reselect"] = "#delivery", "#delivery"
    return response


def _context(request: HttpRequest, visit: Visit, one: Delivery) -> dict[str, object]:
    versions, plan = versions_of(one), delivery_document.plan_of(one, Environment.LIVE)
    training = delivery_document.plan_of(one, Environment.TRAINING)
    return {
        "delivery": one,
        "at_work": is_at_work(one),
        "steps": steps_of(one),
        "next_step": next_step(one, visit),
        "reason": delivery_document.cause_text(one, current()) if one.cause else reason_sentence(one.reason),
        "tries": one.failures + one.crashes,
        "may_retry": "retry" in visit.actions and one.state == State.FAILED and one.file_removed_at is None,
        "differences": counts_of(one) if one.reason == "live-changed" else {},
        **answer_context(one),
        "events": [(event, event_word(event.action)) for event in events(one)],
        "bars": bars_of(plan, visit.user),
        "gone_from_training": training is not None and training.state == Plan.REFRESHED,
        "columns": columns_shown(plan, find.layout(one.layout)),
        "may_withdraw": "withdraw" in visit.actions and may_be_withdrawn(one),
        "can_correct": "deliver" in visit.actions and can_be_corrected(one, versions),
        "limit": Limits().file_bytes,
        "versions": list(enumerate(versions, start=1)) if len(versions) > 1 else [],
        "compared": compared(one, versions),
        **part_context(visit, one, versions[-1] == one and can_be_corrected(one, versions)),
        "choices": of_customer(visit.customer, by=visit.user) if one.waits_for == "name" else [],
        "nearest": _nearest_name(one),
        "waits_until": waits_until(one),
        "waits": one.state in AWAITING_DECISION,
        "decisions": decisions_on(one),
        "approver": approver_of(one) if one.state in RELEASABLE else None,
        "comes_to_nothing": one.state in LIST_GROUPS["not-done"],
        "may_change": one.state == State.SCHEDULED and "approve" in visit.actions,
        "ended_badly": one.state in ENDED_BADLY,
        "undos": undos_of(one),
        "kept_until": kept_until(one),
        "may_undo": "undo" in visit.actions and is_undoable(one),
        **comment_context(request, visit, one, "delivery"),
        **findings_context(request, visit, one),
    }


def _nearest_name(one: Delivery) -> ChangedValue | None:
    """The file's name beside the nearest one of a connection, which is the label."""
    nearest = nearest_connection(one)
    if nearest is None:
        return None
    only = difference_text(one.file_name, nearest.file_name, current())
    return ChangedValue(nearest.name, visible(one.file_name, 200), visible(nearest.file_name, 200), only=only)
