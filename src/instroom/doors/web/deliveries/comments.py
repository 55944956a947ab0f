"""Questions and remarks about a delivery, on its page and on that of its plan."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from instroom.core.errors import NotAllowed
from instroom.core.report.visible import visible_lines
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_text, text_of
from instroom.flow import comments as flow
from instroom.store.models import Delivery

_PAGES = ("delivery", "plan")


def comment_context(request: HttpRequest, visit: Visit, delivery: Delivery, page: str) -> dict[str, object]:
    """For `_comments.html` on that page; `about` in the address is the row that a new one is about."""
    found = flow.comments_on(delivery)
    return {
        "comments": [(one, visible_lines(one.text, flow.MOST_LETTERS)) for one in found],
        "question_open": bool(found) and found[-1].asks,
        "may_comment": "comment" in visit.actions and delivery.values_removed_at is None,
        "about": text_of(request, "about"),
        "comment_page": page,
    }


@require_POST
@for_customer("comment")
def comment(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """Ask or say something, and go back to the page that it was written on."""
    delivery, page = visit.delivery(delivery_id), form_text(request, "page")
    text, row = form_text(request, "text", flow.MOST_LETTERS), form_text(request, "row").strip()
    try:
        number = _row_number(row) if row else None
        flow.comment(delivery, text, by=visit.user, asks=bool(form_text(request, "asks")), row=number)
        messages.success(request, _("Sent. The others get a message, without the text."))
    except NotAllowed as error:
        messages.error(request, error.sentence(current()))
    back = reverse(page if page in _PAGES else "delivery", args=[visit.customer.name, delivery.pk])
    return redirect(f"{back}#comments")


def _row_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise NotAllowed("comment-row")
    return int(text)
