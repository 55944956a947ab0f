"""`instroom retry`: a delivery that has failed is tried again."""

import click

from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.delivery_answer import print_delivery
from instroom.doors.cli.run_due import run_due
from instroom.flow import find
from instroom.flow.delivery.retry import retry


@click.command(name="retry")
@options.delivery
@options.by
@options.text_or_json
@click.pass_obj
def command(invocation: Invocation, delivery_id: str, by: str, form: str) -> int:
    """Have delivery ID, which has failed, checked and imported in training again.

    It then waits for approval, also where it had one. Mend first what it failed on: `instroom show ID` says what.
    """
    delivery = find.delivery(delivery_id)
    retry(delivery, by=find.active_user(by))
    run_due(delivery)
    return print_delivery(delivery, invocation.lang, form, whole=True)
