"""A supplier delivers a file."""

from base64 import b64encode
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from instroom.core.model import Limits
from instroom.core.report.counts import counts_of
from instroom.core.report.files import write_report
from instroom.doors.web.deliveries.findings import checked_context
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_text
from instroom.flow import find
from instroom.flow.connections.connections import of_customer
from instroom.flow.delivery.check_alone import CheckedAlone, check_alone
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.versions import newest_to_correct
from instroom.flow.policies import CHOICES
from instroom.store.files import scratch
from instroom.store.models import Connection

_BY_FILE_NAME: Final = "*"
"""The choice of the connection that has the file's name, if any; no connection is called so."""
_RECORDS_WITHIN: Final = 3_000
_BYTES_WITHIN: Final = 1_400_000
"""Of a workbook within a page: Chromium takes addresses of two million characters."""


@require_http_methods(["GET", "POST"])
@for_customer("deliver")
def deliver(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Choose a file, or take it in and go on to its answer."""
    if file := _file_of(request):
        return _taken_in(visit, file, **_asked(request, visit, file))
    return _single_form(request, visit)


@require_http_methods(["GET", "POST"])
@for_customer("deliver")
def check(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is wrong with a file, which is not delivered: nothing of it is kept once the page is there."""
    if file := _file_of(request):
        path, name = Path(file.temporary_file_path()), file.name or ""
        done = check_alone(path, visit.customer, by=visit.user, name=name, **_asked(request, visit, file))
        facts = {
            "checked": done.checked,
            "counts": counts_of(done.checked),
            "verdict": "rejected" if done.checked.rejected else done.checked.verdict,
            "rejected_for": done.rejected_for,
            **checked_context(done.checked, done.table, done.layout),
            "workbook": _annotated_within(done),
            "workbook_name": f"{Path(name).stem} ({_('with remarks')}).xlsx",
        }
        return render(request, "check.html", facts)
    return _single_form(request, visit)


@require_http_methods(["GET", "POST"])
@for_customer("deliver")
def correct(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """The corrected file is the next version of the same delivery, under what was agreed for that one."""
    corrected = visit.delivery(delivery_id)
    if file := _file_of(request):
        return _taken_in(visit, file, corrects=corrected, complete=form_text(request, "complete") == "yes")
    return _form(request, {"corrected": newest_to_correct(corrected)})


def _single_form(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _form(request, {"connections": of_customer(visit.customer, by=visit.user), "by_file_name": _BY_FILE_NAME})


def _asked(request: HttpRequest, visit: Visit, file: TemporaryUploadedFile) -> dict[str, Any]:
    """The connection and the policies of the form; what is not chosen is as agreed."""
    chosen = {name: form_text(request, name) for name in CHOICES}
    return {
        "connection": _connection_of(visit, form_text(request, "connection"), file.name or ""),
        "policies": {name: value for name, value in chosen.items() if value in CHOICES[name]},
    }


def _connection_of(visit: Visit, chosen: str, file_name: str) -> Connection | None:
    if chosen == _BY_FILE_NAME:
        return find.with_file(of_customer(visit.customer, by=visit.user), file_name)
    return find.connection(visit.customer, chosen, of=visit.user) if chosen else None


def _annotated_within(done: CheckedAlone) -> str:
    """The annotated workbook in base64, to stand in the page itself, since nothing is kept to fetch it from later;
    "" where there is none, or it would be too large for that."""
    if done.table is None or not done.checked.findings or done.checked.record_count > _RECORDS_WITHIN:
        return ""
    with scratch.folder() as folder:
        draft = folder / "annotated.xlsx"
        write_report("annotated", draft, done.checked, done.table, done.layout, current())
        content = draft.read_bytes()
    return b64encode(content).decode() if len(content) <= _BYTES_WITHIN else ""


def _form(request: HttpRequest, more: dict[str, object]) -> HttpResponse:
    problem = _("Choose a file. It must not be empty.") if request.method == "POST" else ""
    limits = {"limit": Limits().file_bytes, "records": Limits().records}
    return render(request, "deliver.html", {"problem": problem, **limits, **more}, status=400 if problem else 200)


def _file_of(request: HttpRequest) -> TemporaryUploadedFile | None:
    """The file that came with a form, unless it is empty."""
    file = request.FILES.get("file")
    return file if isinstance(file, TemporaryUploadedFile) and file.size else None


def _taken_in(visit: Visit, file: TemporaryUploadedFile, **asked: Any) -> HttpResponse:
    path = Path(file.temporary_file_path())
    delivery = receive(path, visit.customer, by=visit.user, name=file.name, **asked)
    return redirect("delivery", visit.customer.name, delivery.pk)
