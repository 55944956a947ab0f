"""Webhooks (product.md E4): list, create, change, test, and see their calls."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from ninja import Router

from instroom.doors.api.access import Token, visitor
from instroom.doors.api.answers import answer
from instroom.doors.api.pagination import DEFAULT, cursor_before, id_before, link, place
from instroom.doors.api.schemas import Cursor, CustomerName, Limit
from instroom.doors.api.webhooks import schemas
from instroom.flow.people.api_tokens import Pass
from instroom.flow.webhooks import calls as flow
from instroom.flow.webhooks import manage
from instroom.store.models import Webhook

router = Router(tags=["webhooks"])
_JSON = "application/json"


@router.get("", auth=Token("configure"), response=schemas.Webhooks)
def webhooks(request: HttpRequest, customer: CustomerName) -> HttpResponse:
    """List webhooks, with their address, events and state."""
    found = manage.of_customer(visitor(request).customer)
    return answer({"webhooks": [flow.document(flow.standing_of(one)) for one in found]})


@router.get("/{name}", auth=Token("configure"), response=schemas.Webhook)
def webhook(request: HttpRequest, customer: CustomerName, name: schemas.WebhookName) -> HttpResponse:
    """Get a webhook."""
    return _answer(_named(visitor(request), name))


@router.post("", auth=Token("configure", takes=_JSON), response={201: schemas.WebhookWithSecret})
def add_webhook(request: HttpRequest, customer: CustomerName, wanted: schemas.NewWebhook) -> HttpResponse:
    """Create a webhook. The answer has its secret, which is never shown again. 409: the name is taken, or the address
    is not allowed."""
    visit = visitor(request)
    made = manage.add(customer=visit.customer.name, by=visit.user.username, **wanted.model_dump())
    return _with_secret(made, 201)


@router.patch("/{name}", auth=Token("configure", takes=_JSON), response=schemas.Webhook)
def change_webhook(
    request: HttpRequest,
    customer: CustomerName,
    name: schemas.WebhookName,
    wanted: schemas.WebhookSettings,
) -> HttpResponse:
    """Change the settings that are sent, from the next attempt on. 409: the address is not allowed."""
    visit = visitor(request)
    one = _named(visit, name)
    manage.change(one, by=visit.user.username, **wanted.model_dump(exclude_unset=True))
    return _answer(one)


@router.delete("/{name}", auth=Token("configure"), response={204: None})
def remove_webhook(request: HttpRequest, customer: CustomerName, name: schemas.WebhookName) -> HttpResponse:
    """Delete a webhook with its calls and their log."""
    visit = visitor(request)
    manage.remove(_named(visit, name), by=visit.user.username)
    return HttpResponse(status=204)


@router.post("/{name}/pause", auth=Token("configure"), response=schemas.Webhook)
def pause_webhook(request: HttpRequest, customer: CustomerName, name: schemas.WebhookName) -> HttpResponse:
    """Pause a webhook. Its calls wait, for at most four days."""
    return _turn(manage.pause, request, name)


@router.post("/{name}/resume", auth=Token("configure"), response=schemas.Webhook)
def resume_webhook(request: HttpRequest, customer: CustomerName, name: schemas.WebhookName) -> HttpResponse:
    """Resume a webhook. The calls that wait are sent first."""
    return _turn(manage.resume, request, name)


@router.post("/{name}/secret", auth=Token("configure"), response=schemas.WebhookWithSecret)
def renew_webhook_secret(
    request: HttpRequest, customer: CustomerName, name: schemas.WebhookName
) -> HttpResponse:  # fmt: skip
    """Renew the secret. The answer has the new one, which is never shown again. The old one signs too for a day."""
    visit = visitor(request)
    return _with_secret(manage.renew_secret(_named(visit, name), by=visit.user.username))


@router.post("/{name}/test", auth=Token("configure"), response={202: schemas.WebhookCall})
def test_webhook(request: HttpRequest, customer: CustomerName, name: schemas.WebhookName) -> HttpResponse:
    """Send a test call (`ping`). 409: the webhook is paused."""
    visit = visitor(request)
    call = flow.try_out(_named(visit, name), by=visit.user.username)
    return answer(flow.call_document(call), 202)


@router.get("/{name}/calls", auth=Token("configure"), response=schemas.WebhookCalls)
def webhook_calls(
    request: HttpRequest,
    customer: CustomerName,
    name: schemas.WebhookName,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> HttpResponse:
    """List the calls of the last thirty days with their attempts, newest first."""
    at = place(limit, cursor)
    found = flow.calls_before(_named(visitor(request), name), id_before(at.after), at.limit + 1)
    after = cursor_before(at.limit, found)
    shown = [flow.call_document(one) for one in found[: at.limit]]
    return answer({"calls": shown, "next": after}, headers=link(request, after))


@router.post("/{name}/calls/{call_id}/send-again", auth=Token("configure"), response={202: schemas.WebhookCall})
def send_webhook_call_again(
    request: HttpRequest, customer: CustomerName, name: schemas.WebhookName, call_id: schemas.CallId
) -> HttpResponse:
    """Send a call again, with the same id. 409: the webhook is paused."""
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
