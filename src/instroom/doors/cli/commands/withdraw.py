"""`instroom withdraw`: the supplier takes a delivery back."""

import click

from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.delivery_answer import print_delivery
from instroom.flow import find
from instroom.flow.delivery.decide import withdraw


@click.command(name="withdraw")
@options.delivery
@options.by
@options.text_or_json
@click.pass_obj
def command(invocation: Invocation, delivery_id: str, by: str, form: str) -> int:
    """Withdraw delivery ID before it is imported into live."""
    delivery = find.delivery(delivery_id)
    withdraw(delivery, by=find.active_user(by))
    return print_delivery(delivery, invocation.lang, form)
