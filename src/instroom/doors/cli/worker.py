"""`instroom worker`: carries deliveries on, also those whose time has come or whose step was broken off."""

import time

import click

from instroom.flow.advance import advance_all

PAUSE = 5.0  # seconds between two looks


@click.command(name="worker")
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
def command(once: bool) -> int:
    """Carry on every delivery that is due, of all customers, until it is stopped."""
    advance_all()
    while not once:
        time.sleep(PAUSE)
        advance_all()
    return 0
