"""`instroom refuse`: niet akkoord, with a reason (product.md D3)."""

import click

from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.delivery_answer import print_delivery
from instroom.doors.cli.wrong_use import WrongUse
from instroom.flow import find
from instroom.flow.delivery.decide import refuse


@click.command(name="refuse")
@options.delivery
@click.option("--reason", required=True, help="Why; the supplier reads it.")
@options.by
@options.text_or_json
@click.pass_obj
def command(invocation: Invocation, delivery_id: str, reason: str, by: str, form: str) -> int:
    """Refuse delivery ID: nothing in it goes to live."""
    if not reason.strip():
        raise WrongUse("no-reason")
    delivery = find.delivery(delivery_id)
    refuse(delivery, reason, by=find.active_user(by))
    return print_delivery(delivery, invocation.lang, form)
