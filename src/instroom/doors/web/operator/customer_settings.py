"""What holds for a customer's deliveries, set by an operator."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from instroom.core.errors import NotAllowed
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.language import current
from instroom.flow import policies
from instroom.flow.operations import customer_settings as flow


@require_http_methods(["GET", "POST"])
@for_customer("configure")
def settings(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form, or keep what it says."""
    held = flow.settings_of(visit.customer)
    values: dict[str, Any] = {**held.file._asdict(), **held.approval._asdict()}
    problem = ""
    if request.method == "POST":
        values = _values_of(request.POST)
        try:
            changed = flow.save(visit.customer, values, by=visit.user)
        except NotAllowed as error:
            problem = error.sentence(current())
        else:
            message = (
                _("Saved. The settings apply to deliveries from now on.") if changed else _("Nothing has changed.")
            )
            messages.success(request, message)
            return redirect("settings", visit.customer.name)
    context = {"values": values, "problem": problem, "numbers": policies.NUMBERS}
    return render(request, "customer_settings.html", context, status=400 if problem else 200)


def _values_of(form: Mapping[str, str]) -> dict[str, Any]:
    """What the form says; a number that is none stays text, which the flow refuses in words."""
    texts = {
        name: form.get(name, "").strip() for name in (*policies.CHOICES, *policies.NUMBERS, "quiet_from", "quiet_until")
    }
    numbers = {name: int(texts[name]) for name in policies.NUMBERS if _is_number(texts[name])}
    return {**texts, **numbers, "approver_differs": form.get("approver_differs") == "on"}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 8
