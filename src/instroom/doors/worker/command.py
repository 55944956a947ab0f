"""`instroom worker`: carries deliveries on, also those whose time has come or whose step was broken off."""

from threading import Event

import click

from instroom.doors.worker.loop import carry_on
from instroom.flow.advance import advance_all


@click.command(name="worker")
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
def command(once: bool) -> int:
    """Carry on every delivery that is due, of all customers, until it is stopped."""
    if once:
        advance_all()
    else:
        carry_on(Event())
    return 0
