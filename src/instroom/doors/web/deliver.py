"""A supplier delivers a file."""

from pathlib import Path

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from instroom.core.model import Limits
from instroom.doors.web.access import Visit, for_customer
from instroom.flow.receive import receive
from instroom.store.models import Connection, Delivery

_CHOICES = {"blank": ("leave", "clear"), "on_error": ("whole", "skip")}


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
        policies=_policies(request),
        name=file.name,
    )


def _policies(request: HttpRequest) -> dict[str, str]:
    """What was chosen; what was not is as agreed."""
    asked = {name: request.POST.get(name, "") for name in _CHOICES}
    return {name: value for name, value in asked.items() if value in _CHOICES[name]}
