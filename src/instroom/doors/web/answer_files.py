"""The answer in the form that was delivered: annotated workbook, rejected records, report as CSV (product.md C4)."""

import tempfile
from pathlib import Path
from typing import Final, cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from instroom.core.report.files import SUFFIXES, Kind
from instroom.doors.web.access import Visit, for_customer
from instroom.doors.web.language import current
from instroom.flow.answer import answer_of
from instroom.store.models import Delivery

_KINDS: Final = ("annotated", "rejected", "report")


@require_safe
@for_customer()
def answer_file(request: HttpRequest, visit: Visit, delivery_id: UUID, kind: str) -> HttpResponseBase:
    """One of the files; without rejected records back to the delivery, which says so."""
    if kind not in _KINDS:
        raise Http404
    delivery = visit.delivery(delivery_id)
    with tempfile.TemporaryDirectory(prefix="instroom-") as folder:
        target = Path(folder) / f"answer{_suffix(delivery, cast(Kind, kind))}"
        if answer_of(delivery).write(cast(Kind, kind), target, current()):
            return FileResponse(target.open("rb"), as_attachment=True, filename=_name(delivery, kind, target.suffix))
    messages.info(request, _("There are no rejected records: there is nothing to mend."))
    return redirect("delivery", visit.customer.name, delivery_id)


def _suffix(delivery: Delivery, kind: Kind) -> str:
    """That of the delivered file, where the report can be of it."""
    own = f".{delivery.file_format}"
    return own if own in SUFFIXES[kind] else SUFFIXES[kind][0]


def _name(delivery: Delivery, kind: str, suffix: str) -> str:
    words = {"annotated": _("with remarks"), "rejected": _("to mend"), "report": _("report")}
    return f"{Path(delivery.file_name).stem} ({words[kind]}){suffix}"
