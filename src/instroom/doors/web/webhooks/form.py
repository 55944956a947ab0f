"""The form of a webhook."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from instroom.core.errors import InstroomError
from instroom.doors.web.frame.access import Visit, for_customer, or_404
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_text
from instroom.doors.web.webhooks import views as webhooks
from instroom.doors.web.webhooks.labels import EVENTS
from instroom.flow.news import events
from instroom.flow.webhooks import manage
from instroom.flow.webhooks.destination import MOST_LETTERS
from instroom.store.models import Webhook


@require_http_methods(["GET", "POST"])
@for_customer("configure")
def add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new webhook; its secret is shown in the answer to the form, and never again."""
    values: dict[str, Any] = {"name": "", "address": "", "events": list(events.EVENTS)}
    problem = ""
    if request.method == "POST":
        values = _typed(request)
        try:
            made = manage.add(customer=visit.customer, by=visit.user, **values)
        except InstroomError as error:
            problem = error.sentence(current())
        else:
            return webhooks.page(request, visit, made.webhook, secret=made.secret)
    return _form(request, values, problem)


@require_http_methods(["GET", "POST"])
@for_customer("configure")
def change(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """What holds from the next attempt on."""
    one: Webhook = or_404(manage.named, visit.customer, name)
    values, problem = {"name": one.name, "address": one.address, "events": one.events}, ""
    if request.method == "POST":
        values = _typed(request)
        values["name"] = values["name"] or one.name
        try:
            changed = manage.change(one, by=visit.user, **values)
        except InstroomError as error:
            problem = error.sentence(current())
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing has changed."))
            return redirect("webhook", visit.customer.name, one.name)
    return _form(request, values, problem, one)


def _typed(request: HttpRequest) -> dict[str, Any]:
    chosen = request.POST.getlist("event")
    address = form_text(request, "address", MOST_LETTERS + 1).strip()
    return {
        "name": form_text(request, "name").strip(),
        "address": address,
        "events": [one for one in events.EVENTS if one in chosen],
    }


def _form(request: HttpRequest, values: dict[str, Any], problem: str, one: Webhook | None = None) -> HttpResponse:
    context = {
        "one": one,
        "values": values,
        "problem": problem,
        "events": [(name, EVENTS[name], name in values["events"]) for name in events.EVENTS],
        "most_letters": MOST_LETTERS,
    }
    return render(request, "webhook_form.html", context, status=400 if problem else 200)
