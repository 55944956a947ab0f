"""A supplier delivers a file."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from instroom.core.model import Limits
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.query import form_text
from instroom.flow import find
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.versions import newest_to_correct
from instroom.flow.policies import CHOICES
from instroom.store.models import Connection


@require_http_methods(["GET", "POST"])
@for_customer("deliver")
def deliver(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Choose a file, or take it in and go on to its answer."""
    if file := _file_of(request):
        name = form_text(request, "connection")
        connection = find.connection(visit.customer, name, of=visit.user) if name else None
        chosen = {name: form_text(request, name) for name in CHOICES}  # what is not chosen is as agreed
        policies = {name: value for name, value in chosen.items() if value in CHOICES[name]}
        return _taken_in(visit, file, connection=connection, policies=policies)
    return _form(request, {"connections": Connection.objects.filter(customer=visit.customer).order_by("name")})


@require_http_methods(["GET", "POST"])
@for_customer("deliver")
def correct(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """The corrected file is the next version of the same delivery, under what was agreed for that one."""
    corrected = visit.delivery(delivery_id)
    if file := _file_of(request):
        return _taken_in(visit, file, corrects=corrected, complete=form_text(request, "complete") == "yes")
    return _form(request, {"corrected": newest_to_correct(corrected)})


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
