"""`instroom undo`: a delivery that undoes another (product.md D8)."""

import click

from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.delivery_answer import print_delivery
from instroom.doors.cli.run_due import run_due
from instroom.flow import find
from instroom.flow.delivery.undo import undo


@click.command(name="undo")
@options.delivery
@options.by
@options.text_or_json
@click.pass_obj
def command(invocation: Invocation, delivery_id: str, by: str, form: str) -> int:
    """Make a delivery that undoes delivery ID: in training at once, in live once it is approved.

    What has changed in the meantime is kept, and listed.
    """
    undoing = undo(find.delivery(delivery_id), by=find.active_user(by))
    run_due(undoing)
    return print_delivery(undoing, invocation.lang, form, whole=True)
