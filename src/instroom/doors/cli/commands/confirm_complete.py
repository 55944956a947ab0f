"""`instroom confirm-complete`: the supplier says that a version with fewer records is meant so."""

import click

from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.delivery_answer import print_delivery
from instroom.flow import find
from instroom.flow.delivery.completing import confirm_complete


@click.command(name="confirm-complete")
@options.delivery
@options.by
@options.text_or_json
@click.pass_obj
def command(invocation: Invocation, delivery_id: str, by: str, form: str) -> int:
    """Say that delivery ID is complete, though it has fewer records than the version before.

    It is held for that. An approver then decides, and reads that you said so.
    """
    delivery = find.delivery(delivery_id)
    confirm_complete(delivery, by=find.active_user(by))
    print_delivery(delivery, invocation.lang, form)
    return 0  # also while it is held
