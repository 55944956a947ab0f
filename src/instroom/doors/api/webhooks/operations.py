"""Webhooks (product.md E4): list, create, change, test, and see their calls."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from ninja import Router

from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.pagination import DEFAULT_LIMIT, PageRequest, page_response
from instroom.doors.api.schemas import Cursor, CustomerName, Limit
from instroom.doors.api.webhooks import schemas
from instroom.flow.webhooks import calls, manage
from instroom.flow.webhooks.destination import shown
from instroom.store.models import Webhook

router = Router(tags=["webhooks"])


@router.get("", auth=Token("configure"), response=schemas.Webhooks)
def list_webhooks(request: TokenRequest, customer: CustomerName) -> JsonResponse:
    """List webhooks

    With their address, events and state.
    """
    found = manage.of_customer(request.auth.customer)
    return JsonResponse({"webhooks": [_document(webhook) for webhook in found]})


@router.get("/{name}", auth=Token("configure"), response=schemas.Webhook)
def get_webhook(request: TokenRequest, customer: CustomerName, name: schemas.WebhookName) -> JsonResponse:
    """Get a webhook"""
    return JsonResponse(_document(manage.named(request.auth.customer, name)))


@router.post("", auth=Token("configure"), response={201: schemas.WebhookWithSecret})
def create_webhook(request: TokenRequest, customer: CustomerName, settings: schemas.NewWebhook) -> JsonResponse:
    """Create a webhook

    The answer has its secret, which is never shown again. 409: the name is taken, or the address is not allowed.
    """
    made = manage.add(customer=request.auth.customer, by=request.auth.user, **settings.model_dump(exclude_none=True))
    return JsonResponse(_document(made.webhook) | {"secret": made.secret}, status=201)


@router.patch("/{name}", auth=Token("configure"), response=schemas.Webhook)
def change_webhook(
    request: TokenRequest, customer: CustomerName, name: schemas.WebhookName, settings: schemas.WebhookChanges
) -> JsonResponse:
    """Change a webhook

    From the next attempt on. Settings that you omit, or send as null, keep their value. 409: the address is not
    allowed, or the name is taken.
    """
    webhook = manage.named(request.auth.customer, name)
    address = None if settings.address == shown(webhook.address) else settings.address  # one that was got and sent back
    manage.change(webhook, by=request.auth.user, name=settings.name, address=address, events=settings.events)
    return JsonResponse(_document(webhook))


@router.delete("/{name}", auth=Token("configure"), response={204: None})
def delete_webhook(request: TokenRequest, customer: CustomerName, name: schemas.WebhookName) -> HttpResponse:
    """Delete a webhook

    With its calls and their log.
    """
    manage.remove(manage.named(request.auth.customer, name), by=request.auth.user)
    return HttpResponse(status=204)


@router.post("/{name}/pause", auth=Token("configure"), response=schemas.Webhook)
def pause_webhook(request: TokenRequest, customer: CustomerName, name: schemas.WebhookName) -> JsonResponse:
    """Pause a webhook

    Its calls wait, for at most four days.
    """
    webhook = manage.named(request.auth.customer, name)
    manage.pause(webhook, by=request.auth.user)
    return JsonResponse(_document(webhook))


@router.post("/{name}/resume", auth=Token("configure"), response=schemas.Webhook)
def resume_webhook(request: TokenRequest, customer: CustomerName, name: schemas.WebhookName) -> JsonResponse:
    """Resume a webhook

    The calls that wait are sent first.
    """
    webhook = manage.named(request.auth.customer, name)
    manage.resume(webhook, by=request.auth.user)
    return JsonResponse(_document(webhook))


@router.post("/{name}/secret", auth=Token("configure"), response=schemas.WebhookWithSecret)
def renew_webhook_secret(request: TokenRequest, customer: CustomerName, name: schemas.WebhookName) -> JsonResponse:
    """Renew the secret of a webhook

    The answer has the new one, which is never shown again. For a day, calls are signed with the old one too.
    """
    made = manage.renew_secret(manage.named(request.auth.customer, name), by=request.auth.user)
    return JsonResponse(_document(made.webhook) | {"secret": made.secret})


@router.post("/{name}/test", auth=Token("configure"), response={202: schemas.WebhookCall})
def test_webhook(request: TokenRequest, customer: CustomerName, name: schemas.WebhookName) -> JsonResponse:
    """Send a test call

    Its event is `ping`. 409: the webhook is paused. 429: ten a minute were sent by hand.
    """
    call = calls.try_out(manage.named(request.auth.customer, name), by=request.auth.user)
    return JsonResponse(calls.call_document(call), status=202)


@router.get("/{name}/calls", auth=Token("configure"), response=schemas.WebhookCalls)
def list_webhook_calls(
    request: TokenRequest,
    customer: CustomerName,
    name: schemas.WebhookName,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> JsonResponse:
    """List the calls of a webhook

    Those of the last thirty days with their attempts, newest first.
    """
    page = PageRequest.read(limit, cursor)
    found = calls.calls_before(manage.named(request.auth.customer, name), page.before(), page.limit + 1)
    documents = [calls.call_document(call) for call in found[: page.limit]]
    return page_response(request, {"calls": documents}, page.cursor_before(found))


@router.post("/{name}/calls/{call_id}/send-again", auth=Token("configure"), response={202: schemas.WebhookCall})
def send_webhook_call_again(
    request: TokenRequest, customer: CustomerName, name: schemas.WebhookName, call_id: schemas.CallId
) -> JsonResponse:
    """Send a call again

    With the same id. 409: the webhook is paused. 429: ten a minute were sent by hand.
    """
    call = calls.call_of(manage.named(request.auth.customer, name), call_id)
    calls.send_again(call, by=request.auth.user)
    return JsonResponse(calls.call_document(call), status=202)


def _document(webhook: Webhook) -> dict[str, Any]:
    return calls.document(calls.webhook_status(webhook))
