"""`instroom webhook`: which programs of a customer are told of what (product.md E4)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import click
from django.utils import timezone

from instroom.core.language import Language
from instroom.core.report.visible import visible
from instroom.core.wording.phrases import moment
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.streams import answer, answer_list, say, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.news.events import EVENTS
from instroom.flow.webhooks import calls as flow
from instroom.flow.webhooks import manage
from instroom.store.models import Webhook, WebhookCall

_NAME = click.argument("name")
_ADDRESS = click.option("--address", metavar="URL", help="Where calls are sent; begins with https://.")
_EVENTS = click.option(
    "--event",
    "events",
    multiple=True,
    type=click.Choice(EVENTS),
    help="An event to send; may be repeated. By default all of them.",
)
_LAST = 20


@click.group(name="webhook")
def command() -> None:
    """Webhooks: a signed message to a program of the customer when something becomes of a delivery or a connection."""


@command.command(name="add")
@_NAME
@options.customer
@click.option("--address", metavar="URL", required=True, help="Where calls are sent; begins with https://.")
@_EVENTS
@options.by
@options.text_or_json
@click.pass_obj
def add(
    invocation: Invocation, name: str, customer: str, address: str, events: tuple[str, ...], by: str, form: str
) -> int:
    """Create the webhook NAME. Prints the secret for its receiver, which is shown only once."""
    made = manage.add(name, find.customer(customer), by=find.active_user(by), address=address, events=events or EVENTS)
    return _print_secret(made, invocation, form)


@command.command(name="list")
@options.customer
@options.text_or_json
@click.pass_obj
def show_all(invocation: Invocation, customer: str, form: str) -> int:
    """List the webhooks of a customer: state, address, and how many calls wait or were given up."""
    found = [flow.webhook_status(one) for one in manage.of_customer(find.customer(customer))]
    nothing = phrase("no-webhooks", invocation.lang, customer=customer)
    return answer_list("webhooks", found, form, flow.document, lambda one: _webhook_line(one, invocation.lang), nothing)


@command.command(name="change")
@_NAME
@options.customer
@options.new_name
@_ADDRESS
@_EVENTS
@options.by
@click.pass_obj
def change(
    invocation: Invocation,
    name: str,
    customer: str,
    new_name: str | None,
    address: str | None,
    events: tuple[str, ...],
    by: str,
) -> int:
    """Change the given settings of the webhook NAME, from its next attempt on, or its name."""
    webhook = _named(customer, name)
    if not manage.change(webhook, by=find.active_user(by), name=new_name, address=address, events=events or None):
        say(phrase("nothing-changed", invocation.lang))
    return _print(webhook, invocation)


@command.command(name="pause")
@_NAME
@options.customer
@options.by
@click.pass_obj
def pause(invocation: Invocation, name: str, customer: str, by: str) -> int:
    """Pause the webhook NAME: nothing is sent. New calls wait, for at most four days."""
    return _turn(manage.pause, invocation, name, customer, by)


@command.command(name="resume")
@_NAME
@options.customer
@options.by
@click.pass_obj
def resume(invocation: Invocation, name: str, customer: str, by: str) -> int:
    """Resume the webhook NAME; what waited is sent first."""
    return _turn(manage.resume, invocation, name, customer, by)


@command.command(name="remove")
@_NAME
@options.customer
@options.by
@click.pass_obj
def remove(invocation: Invocation, name: str, customer: str, by: str) -> int:
    """Remove the webhook NAME and its calls."""
    manage.remove(_named(customer, name), by=find.active_user(by))
    say(phrase("webhook-removed", invocation.lang, name=name))
    return 0


@command.command(name="secret")
@_NAME
@options.customer
@options.by
@options.text_or_json
@click.pass_obj
def secret(invocation: Invocation, name: str, customer: str, by: str, form: str) -> int:
    """Create a new secret for the webhook NAME, and print it. The old one keeps signing beside it for a day."""
    return _print_secret(manage.renew_secret(_named(customer, name), by=find.active_user(by)), invocation, form)


@command.command(name="test")
@_NAME
@options.customer
@options.by
@click.pass_obj
def test(invocation: Invocation, name: str, customer: str, by: str) -> int:
    """Send a test call (ping), and print its id; `calls` shows whether it arrived."""
    answer(str(flow.try_out(_named(customer, name), by=find.active_user(by)).pk))
    return 0


@command.command(name="calls")
@_NAME
@options.customer
@click.option(
    "--last", type=click.IntRange(1, 10_000), default=_LAST, show_default=True, metavar="N", help="How many at most."
)
@options.text_or_json
@click.pass_obj
def calls(invocation: Invocation, name: str, customer: str, last: int, form: str) -> int:
    """List the latest calls of the webhook NAME with their attempts, newest first."""
    found = flow.calls_before(_named(customer, name), None, last)
    nothing = phrase("no-calls", invocation.lang, name=name)
    return answer_list("calls", found, form, flow.call_document, lambda one: _call_lines(one, invocation.lang), nothing)


@command.command(name="replay")
@_NAME
@click.argument("call_id", metavar="ID", type=click.UUID)
@options.customer
@options.by
@click.pass_obj
def replay(invocation: Invocation, name: str, call_id: UUID, customer: str, by: str) -> int:
    """Send the call ID of the webhook NAME once more, under the same id."""
    webhook = _named(customer, name)
    flow.send_again(flow.call_of(webhook, call_id), by=find.active_user(by))
    say(phrase("call-replayed", invocation.lang))
    return 0


def _named(customer: str, name: str) -> Webhook:
    return manage.named(find.customer(customer), name)


def _turn(turn: Callable[..., object], invocation: Invocation, name: str, customer: str, by: str) -> int:
    webhook = _named(customer, name)
    turn(webhook, by=find.active_user(by))
    return _print(webhook, invocation)


def _print(webhook: Webhook, invocation: Invocation) -> int:
    answer(_webhook_line(flow.webhook_status(webhook), invocation.lang))
    return 0


def _print_secret(made: manage.WebhookWithSecret, invocation: Invocation, form: str) -> int:
    if form == "json":
        write_json({**flow.document(flow.webhook_status(made.webhook)), "secret": made.secret})
        return 0
    answer(made.secret)
    say(phrase("webhook-secret", invocation.lang, name=made.webhook.name))
    return 0


def _webhook_line(standing: flow.WebhookStatus, lang: Language) -> str:
    shown: dict[str, Any] = flow.document(standing)
    counted = phrase("webhook-calls", lang, waiting=standing.waiting, given_up=standing.given_up)
    state = phrase(f"webhook-{standing.state}", lang)
    return f"{shown['name']}: {state}; {visible(shown['address'], 200)}; {counted}"


def _call_lines(call: WebhookCall, lang: Language) -> str:
    state = phrase(f"call-{flow.state_of(call)}", lang)
    lines = [f"{call.pk}  {moment(timezone.localtime(call.made_at), lang)}  {call.event}: {state}"]
    for one in flow.call_document(call)["attempts"]:
        lines.append(f"  {one['at']}  {one['status'] or one['failure']}  {one['milliseconds']} ms")
    return "\n".join(lines)
