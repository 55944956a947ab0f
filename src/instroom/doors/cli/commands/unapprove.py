"""`instroom unapprove`: an approver takes a scheduled approval back."""

import click

from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.delivery_answer import print_delivery
from instroom.flow import find
from instroom.flow.delivery.scheduled import unapprove


@click.command(name="unapprove")
@options.delivery
@options.by
@options.text_or_json
@click.pass_obj
def command(invocation: Invocation, delivery_id: str, by: str, form: str) -> int:
    """Take the approval of delivery ID back, as long as it waits for its time.

    The delivery awaits approval again. To choose another time instead: instroom approve ID --at TIME.
    """
    delivery = find.delivery(delivery_id)
    unapprove(delivery, by=find.active_user(by))
    return print_delivery(delivery, invocation.lang, form)
