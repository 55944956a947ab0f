"""The page of a customer's settings: policies for its deliveries, and closing days."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from instroom.core.errors import InstroomError
from instroom.core.retention import LIMITS
from instroom.core.whole_number import whole_number
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.language import current
from instroom.doors.web.safeguards.relaxing import WAITS, ask_for_proof
from instroom.flow import policies
from instroom.flow.connections.calendars import closing_days_of
from instroom.flow.connections.closing import save_closing_days
from instroom.flow.delivery.room import usage_of
from instroom.flow.operations import customer_settings as flow
from instroom.flow.safeguards.relaxing import needs_second_person
from instroom.store.models import Customer

COUNTRIES: Final = {
    "NL": gettext_lazy("the Netherlands"),
    "BE": gettext_lazy("Belgium"),
    "DE": gettext_lazy("Germany"),
    "LU": gettext_lazy("Luxembourg"),
    "FR": gettext_lazy("France"),
    "GB": gettext_lazy("the United Kingdom"),
}
_NUMBERS: Final = {**policies.NUMBERS, **LIMITS}
_CLOSING: Final = ("closing_country", "closing_weekends", "closing_days", "closing_open")


@require_http_methods(["GET", "POST"])
@for_customer("configure")
def settings(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the form, or save it."""
    values: dict[str, Any] = {**flow.settings_of(visit.customer), **_closing_texts(visit.customer)}
    problem = ""
    if request.method == "POST":
        values = {**_values_of(request.POST), **{name: request.POST.get(name, "") for name in _CLOSING}}
        try:
            relaxes = flow.relaxes_of(visit.customer, _settings_in(values))
            waits = bool(relaxes) and needs_second_person(visit.customer)
            if page := ask_for_proof(request, visit, relaxes, waits, "settings"):
                return page
            changed = _save(visit, values)
        except InstroomError as error:
            problem = error.sentence(current())
        else:
            saved = _("Saved. The settings apply to deliveries from now on.")
            messages.success(request, WAITS if waits else saved if changed else _("Nothing has changed."))
            return redirect("settings", visit.customer.name)
    context = {
        "values": values,
        "problem": problem,
        "numbers": _NUMBERS,
        "countries": _countries(values),
        "usage": usage_of(visit.customer),
    }
    return render(request, "customer_settings.html", context, status=400 if problem else 200)


@transaction.atomic
def _save(visit: Visit, values: Mapping[str, Any]) -> bool:
    """Save settings and closing days together. Returns whether anything has changed. Raises NotAllowed and
    SettingsError."""
    closing = {
        "country": values["closing_country"],
        "weekends": values["closing_weekends"] == "on",
        "days": values["closing_days"].split(),
        "open": values["closing_open"].split(),
    }
    changed = flow.save(visit.customer, _settings_in(values), by=visit.user)
    return save_closing_days(visit.customer, closing, by=visit.user) or bool(changed)


def _settings_in(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _CLOSING}


def _closing_texts(customer: Customer) -> dict[str, str]:
    """The closing days as the form shows them, one day or period a line."""
    settings = closing_days_of(customer).as_settings()
    return {
        "closing_country": settings.get("country", ""),
        "closing_weekends": "on" if settings.get("weekends") else "",
        "closing_days": "\n".join(settings.get("days", ())),
        "closing_open": "\n".join(settings.get("open", ())),
    }


def _countries(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The countries to choose from: COUNTRIES, and one that was chosen at the command line."""
    chosen = values["closing_country"]
    others = [(chosen, chosen)] if chosen and chosen not in COUNTRIES else []
    return [*((code, str(name)) for code, name in COUNTRIES.items()), *others]


def _values_of(form: Mapping[str, str]) -> dict[str, Any]:
    """The values of the form. What is not a number stays text, and is refused by the flow."""
    texts = {name: form.get(name, "").strip() for name in (*policies.CHOICES, *_NUMBERS, "quiet_from", "quiet_until")}
    numbers = {name: found for name in _NUMBERS if (found := whole_number(texts[name])) is not None}
    switches = {name: form.get(name) == "on" for name in ("approver_differs", "unchanged_ends")}
    return {**texts, **numbers, **switches}
