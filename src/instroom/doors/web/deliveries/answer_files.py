"""The answer in the form that was delivered: annotated workbook, rejected records, report as CSV (product.md C4)."""

from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from instroom.core.report.files import SUFFIXES, AnswerKind
from instroom.core.wording.phrases import listed
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.language import current
from instroom.flow.delivery.answer import answer_of
from instroom.flow.delivery.forget import held_bsn
from instroom.flow.delivery.part_names import part_name
from instroom.flow.delivery.reports import not_made
from instroom.store.models import Delivery
from instroom.store.states import State

_KINDS: Final = {
    "annotated": gettext_lazy("the file with remarks"),
    "rejected": gettext_lazy("the records with an error"),
    "report": gettext_lazy("all findings"),
    "whole": gettext_lazy("the whole file"),
}
_FIRST: Final = 20  # rows that are named


def answer_context(delivery: Delivery) -> dict[str, Any]:
    """For `_answer_files.html`: the verdict, and which files in the reader's language are not there."""
    is_given_up = {
        one.kind: one.given_up_at is not None for one in not_made(delivery) if one.language in ("", current())
    }
    being_made, given_up = (
        listed([str(name) for kind, name in _KINDS.items() if is_given_up.get(kind) is wanted], current())
        for wanted in (False, True)
    )
    # For a fault of the file or its headers.
    rejected = held_bsn(delivery) or (delivery.state == State.REJECTED and delivery.reason == "file")
    return {
        "verdict": "rejected" if rejected else delivery.verdict,
        "being_made": being_made,
        "given_up": given_up,
        "held_bsn": held_bsn(delivery),
    }


@require_safe
@for_customer()
def answer_files(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """The links to the files, for the page that asks again while some are being made."""
    one = visit.delivery(delivery_id)
    return render(request, "_answer_files.html", {"delivery": one, **answer_context(one)})


@require_safe
@for_customer()
def answer_file(request: HttpRequest, visit: Visit, delivery_id: UUID, kind: str) -> HttpResponseBase:
    """One of the files; without rejected records back to the delivery, which says so. Where the form of the delivery
    cannot hold all of them that is said first, with the form that can; `form` is then what was chosen."""
    if kind not in _KINDS:
        raise Http404
    delivery, what, form = visit.delivery(delivery_id), cast(AnswerKind, kind), request.GET.get("form", "")
    suffixes = SUFFIXES[what]  # what was chosen, else that of the delivered file, where the report can be of it
    suffix = next((one for one in (f".{form}", f".{delivery.file_format}") if one in suffixes), suffixes[0])
    answer = answer_of(delivery, by=visit.user)
    if not form and (missing := answer.rows_not_held(what, suffix)):
        return _offer_other_format(request, delivery, what, missing, suffix)
    if content := answer.report(what, suffix, current()).opened():
        words = {"annotated": _("with remarks"), "report": _("report"), "whole": _("whole")}
        own = part_name(delivery, suffix) if what == "rejected" else ""
        name = own or f"{Path(delivery.file_name).stem} ({words[kind]}){suffix}"
        return FileResponse(content, as_attachment=True, filename=name)
    messages.info(request, _("There are no records with an error, so there is nothing to correct."))
    return redirect("delivery", visit.customer.name, delivery_id)


def _offer_other_format(
    request: HttpRequest, delivery: Delivery, kind: AnswerKind, missing: list[int], suffix: str
) -> HttpResponseBase:
    context = {
        "delivery": delivery,
        "title": _("Download the whole file") if kind == "whole" else _("Records with an error, to edit"),
        "form": suffix.removeprefix("."),
        "amount": len(missing),
        "rows": missing[:_FIRST],
        "more": max(len(missing) - _FIRST, 0),
    }
    return render(request, "answer_file.html", context)
