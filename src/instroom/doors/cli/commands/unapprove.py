"""`instroom unapprove`: an approver takes a scheduled approval back."""

import click

from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.delivery_answer import print_delivery
from instroom.doors.cli.wrong_use import WrongUse
from instroom.flow import find
from instroom.flow.delivery.scheduled import unapprove


@click.command(name="unapprove")
@options.delivery
@click.option("--reason", required=True, help="Why; all read it who work on the delivery.")
@options.by
@options.text_or_json
@click.pass_obj
def command(invocation: Invocation, delivery_id: str, reason: str, by: str, form: str) -> int:
    """Take the approval of delivery ID back, as long as it waits for its time.

    The delivery waits for a decision again. To choose another time instead: instroom approve ID --at TIME.
    """
    if not reason.strip():
        raise WrongUse("no-reason")
    delivery = find.delivery(delivery_id)
    unapprove(delivery, reason, by=find.active_user(by))
    return print_delivery(delivery, invocation.lang, form)
