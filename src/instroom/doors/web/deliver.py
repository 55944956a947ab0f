"""A supplier delivers a file."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from instroom.core.model import Limits, Policies
from instroom.doors.web.access import Visit, for_customer
from instroom.flow.receive import receive
from instroom.store.models import Connection, Delivery

_BLANK, _ON_ERROR = ("leave", "clear"), ("whole", "skip")


@require_http_methods(["GET", "POST"])
@for_customer("deliver")
def deliver(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Choose a file, or take it in and go on to its answer."""
    if request.method == "POST":
        file = request.FILES.get("file")
        if isinstance(file, TemporaryUploadedFile) and file.size:
            return redirect("delivery", visit.customer.name, _received(request, visit, file).pk)
    problem = _("Choose a file that is not empty.") if request.method == "POST" else ""
    context = {
        "problem": problem,
        "limit": Limits().file_bytes,
        "records": Limits().records,
        "connections": Connection.objects.filter(customer=visit.customer).order_by("name"),
    }
    return render(request, "deliver.html", context, status=400 if problem else 200)


def _received(request: HttpRequest, visit: Visit, file: TemporaryUploadedFile) -> Delivery:
    return receive(
        Path(file.temporary_file_path()),
        visit.customer.name,
        by=visit.user.username,
        connection=request.POST.get("connection") or None,
        policies=_policies(request.POST.get("blank", ""), request.POST.get("on_error", "")),
        name=file.name,
    )


def _policies(blank: str, on_error: str) -> Policies | None:
    """What was chosen; None where nothing was, so that the connection's own rules hold."""
    chosen: dict[str, Any] = {}
    if blank in _BLANK:
        chosen["blank"] = blank
    if on_error in _ON_ERROR:
        chosen["on_error"] = on_error
    return Policies(**chosen) if chosen else None
