"""`instroom deliveries`: all of a customer's."""

from datetime import datetime

import click
from django.utils import timezone

from instroom.core.report.visible import visible
from instroom.core.wording.phrases import moment
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.streams import answer_list
from instroom.doors.cli.output.words import phrase
from instroom.flow import delivery_document, find
from instroom.flow.waits import delivery_state_word
from instroom.store.models import Delivery


@click.command(name="deliveries")
@options.customer
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=50, show_default=True, help="How many at most.")
@options.text_or_json
@click.pass_obj
def command(invocation: Invocation, customer: str, limit: int, form: str) -> int:
    """List a customer's deliveries, newest first."""
    found = delivery_document.deliveries(find.customer(customer), limit)

    def at(one: datetime) -> str:
        return moment(timezone.localtime(one), invocation.lang)

    def line(one: Delivery) -> str:
        state = f"{delivery_state_word(one, invocation.lang):<21}"
        again = f"  ({phrase('next-try', invocation.lang, at=at(one.try_again_at))})" if one.try_again_at else ""
        return f"{one.pk}  {at(one.received_at)}  {state}  {visible(one.file_name)}{again}"

    nothing = phrase("no-deliveries", invocation.lang)
    return answer_list("deliveries", found, form, delivery_document.document, line, nothing)
