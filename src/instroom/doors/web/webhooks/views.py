"""The webhooks of a customer (product.md E4): suppliers see how they go, operators make, try and stop them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from instroom.core.errors import InstroomError
from instroom.doors.web.frame.access import Visit, for_customer, or_404
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import number_of
from instroom.flow.webhooks import calls as flow
from instroom.flow.webhooks import manage
from instroom.flow.webhooks.destination import masked, shown
from instroom.store.models import Webhook


@require_safe
@for_customer("see-webhooks")
def webhooks(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All of them, and how each is."""
    found = [flow.webhook_status(one) for one in manage.of_customer(visit.customer)]
    seen = _address_for(visit)
    return render(request, "webhooks.html", {"lines": [(one, seen(one.webhook.address)) for one in found]})


@require_safe
@for_customer("see-webhooks")
def webhook(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    return page(request, visit, _named(visit, name))


@require_safe
@for_customer("see-webhooks")
def call(request: HttpRequest, visit: Visit, name: str, call_id: UUID) -> HttpResponse:
    """What was told, and each attempt at it."""
    one = or_404(flow.call_of, _named(visit, name), call_id)
    context = {
        "one": one,
        "webhook": one.webhook,
        "state": flow.state_of(one),
        "log": list(one.log.order_by("pk")),
    }
    return render(request, "webhook_call.html", context)


@require_POST
@for_customer("configure")
def again(request: HttpRequest, visit: Visit, name: str, call_id: UUID) -> HttpResponse:
    one = or_404(flow.call_of, _named(visit, name), call_id)
    _act(request, visit, flow.send_again, one, _("The message will be sent again."))
    return redirect("webhook-call", visit.customer.name, name, call_id)


@require_POST
@for_customer("configure")
def test(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """Send a call that tells of nothing."""
    _act(request, visit, flow.try_out, _named(visit, name), _("A test message is on its way. Check back in a moment."))
    return redirect("webhook", visit.customer.name, name)


@require_POST
@for_customer("configure")
def pause(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    _act(request, visit, manage.pause, _named(visit, name), _("Paused. Messages wait until you resume."))
    return redirect("webhook", visit.customer.name, name)


@require_POST
@for_customer("configure")
def resume(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    _act(request, visit, manage.resume, _named(visit, name), _("Resumed. Waiting messages are sent first."))
    return redirect("webhook", visit.customer.name, name)


@require_POST
@for_customer("configure")
def secret(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """Another secret, shown in this answer alone."""
    made = manage.renew_secret(_named(visit, name), by=visit.user)
    return page(request, visit, made.webhook, secret=made.secret)


@require_POST
@for_customer("configure")
def remove(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    _act(request, visit, manage.remove, _named(visit, name), _("The webhook has been removed."))
    return redirect("webhooks", visit.customer.name)


def page(request: HttpRequest, visit: Visit, one: Webhook, secret: str = "") -> HttpResponse:
    """The page of a webhook; with its secret where that was just made."""
    context: dict[str, Any] = {
        "one": one,
        "address": _address_for(visit)(one.address),
        "status": flow.webhook_status(one),
        "page": flow.page_of_calls(one, number_of(request)),
        "secret": secret,
    }
    return render(request, "webhook.html", context)


def _address_for(visit: Visit) -> Callable[[str], str]:
    return shown if "configure" in visit.actions else masked


def _named(visit: Visit, name: str) -> Webhook:
    return or_404(manage.named, visit.customer, name)


def _act(request: HttpRequest, visit: Visit, act: Callable[..., object], one: object, message: str) -> None:
    """Do it, and say so; or why not."""
    try:
        act(one, by=visit.user)
    except InstroomError as error:
        messages.error(request, error.sentence(current()))
    else:
        messages.success(request, message)
