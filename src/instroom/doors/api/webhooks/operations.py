"""Webhooks: made and changed by a program of an operator, and how their calls go (product.md E4)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from ninja import Router

from instroom.doors.api import parameters
from instroom.doors.api.access import Token, visitor
from instroom.doors.api.answers import answer
from instroom.doors.api.pagination import DEFAULT, cursor_before, id_before, link, place
from instroom.doors.api.webhooks import schemas as documents
from instroom.flow.people.api_tokens import Pass
from instroom.flow.webhooks import calls as flow
from instroom.flow.webhooks import manage
from instroom.store.models import Webhook

router = Router(tags=["webhooks"])
_JSON = "application/json"


@router.get("", auth=Token("configure"), response=documents.Webhooks)
def webhooks(request: HttpRequest, customer: parameters.CustomerName) -> HttpResponse:
    """All webhooks: where each leads, of what it is told, and how its calls go."""
    found = manage.of_customer(visitor(request).customer)
    return answer({"webhooks": [flow.document(flow.standing_of(one)) for one in found]})


@router.get("/{name}", auth=Token("configure"), response=documents.Webhook)
def webhook(request: HttpRequest, customer: parameters.CustomerName, name: documents.WebhookName) -> HttpResponse:
    """One webhook."""
    return _answer(_named(visitor(request), name))


@router.post("", auth=Token("configure", takes=_JSON), response={201: documents.WebhookWithSecret})
def add_webhook(request: HttpRequest, customer: parameters.CustomerName, wanted: documents.NewWebhook) -> HttpResponse:
    """Make a webhook. The answer has its secret, which is never shown again. 409: the name is taken, or no webhook may
    lead to that address."""
    visit = visitor(request)
    made = manage.add(customer=visit.customer.name, by=visit.user.username, **wanted.model_dump())
    return _with_secret(made, 201)


@router.patch("/{name}", auth=Token("configure", takes=_JSON), response=documents.Webhook)
def change_webhook(
    request: HttpRequest,
    customer: parameters.CustomerName,
    name: documents.WebhookName,
    wanted: documents.WebhookSettings,
) -> HttpResponse:
    """Change what is given, from the next attempt on. 409: no webhook may lead to that address."""
    visit = visitor(request)
    one = _named(visit, name)
    manage.change(one, by=visit.user.username, **wanted.model_dump(exclude_unset=True))
    return _answer(one)


@router.delete("/{name}", auth=Token("configure"), response={204: None})
def remove_webhook(
    request: HttpRequest, customer: parameters.CustomerName, name: documents.WebhookName
) -> HttpResponse:
    """Take it away, with its calls and their log."""
    visit = visitor(request)
    manage.remove(_named(visit, name), by=visit.user.username)
    return HttpResponse(status=204)


@router.post("/{name}/pause", auth=Token("configure"), response=documents.Webhook)
def pause_webhook(request: HttpRequest, customer: parameters.CustomerName, name: documents.WebhookName) -> HttpResponse:
    """Send nothing; what is told meanwhile waits, for four days at most."""
    return _turn(manage.pause, request, name)


@router.post("/{name}/resume", auth=Token("configure"), response=documents.Webhook)
def resume_webhook(
    request: HttpRequest, customer: parameters.CustomerName, name: documents.WebhookName
) -> HttpResponse:
    """Send again, what waited first."""
    return _turn(manage.resume, request, name)


@router.post("/{name}/secret", auth=Token("configure"), response=documents.WebhookWithSecret)
def renew_webhook_secret(
    request: HttpRequest, customer: parameters.CustomerName, name: documents.WebhookName
) -> HttpResponse:  # fmt: skip
    """Make another secret, which is in the answer and never shown again. The one before signs beside it for a day."""
    visit = visitor(request)
    return _with_secret(manage.renew_secret(_named(visit, name), by=visit.user.username))


@router.post("/{name}/test", auth=Token("configure"), response={202: documents.WebhookCall})
def test_webhook(request: HttpRequest, customer: parameters.CustomerName, name: documents.WebhookName) -> HttpResponse:
    """Send a call that tells of nothing (`ping`). 409: it is paused."""
    visit = visitor(request)
    call = flow.try_out(_named(visit, name), by=visit.user.username)
    return answer(flow.call_document(call), 202)


@router.get("/{name}/calls", auth=Token("configure"), response=documents.WebhookCalls)
def webhook_calls(
    request: HttpRequest,
    customer: parameters.CustomerName,
    name: documents.WebhookName,
    limit: parameters.Limit = DEFAULT,
    cursor: parameters.Cursor = None,
) -> HttpResponse:
    """Its calls of the last thirty days with the log of their attempts, the newest first."""
    at = place(limit, cursor)
    found = flow.calls_before(_named(visitor(request), name), id_before(at.after), at.limit + 1)
    after = cursor_before(at.limit, found)
    shown = [flow.call_document(one) for one in found[: at.limit]]
    return answer({"calls": shown, "next": after}, headers=link(request, after))


@router.post("/{name}/calls/{call_id}/send-again", auth=Token("configure"), response={202: documents.WebhookCall})
def send_webhook_call_again(
    request: HttpRequest, customer: parameters.CustomerName, name: documents.WebhookName, call_id: documents.CallId
) -> HttpResponse:
    """Send a call once more, under the same id. 409: the webhook is paused."""
    visit = visitor(request)
    call = flow.call_of(_named(visit, name), call_id)
    flow.send_again(call, by=visit.user.username)
    return answer(flow.call_document(call), 202)


def _named(visit: Pass, name: str) -> Webhook:
    """A webhook of the token's own customer. Raises NotFound."""
    return manage.named(visit.customer, name)


def _turn(turn: Callable[..., object], request: HttpRequest, name: str) -> HttpResponse:
    visit = visitor(request)
    one = _named(visit, name)
    turn(one, by=visit.user.username)
    return _answer(one)


def _answer(one: Webhook) -> HttpResponse:
    return answer(flow.document(flow.standing_of(one)))


def _with_secret(made: manage.Made, status: int = 200) -> HttpResponse:
    return answer({**flow.document(flow.standing_of(made.webhook)), "secret": made.secret}, status)
