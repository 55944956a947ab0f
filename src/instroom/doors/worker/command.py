"""`instroom worker`: advances deliveries when a step is due or was interrupted, and sends mails and webhooks."""

from threading import Event

import click

from instroom.doors.worker.loop import work, work_until
from instroom.flow.delivery.reports import make_asked
from instroom.flow.mails import daily_overviews, mailing
from instroom.flow.operations.cleaning import clean
from instroom.flow.webhooks import sending


@click.command(name="worker")
@click.option("--once", is_flag=True, help="Do what is due now, and stop.")
def command(once: bool) -> int:
    """Carry on every delivery that is due, of all customers, and send mails and webhooks, until it is stopped."""
    if once:
        work()
        daily_overviews.gather_due()
        mailing.send_due()
        sending.send_due()
        clean()
        make_asked()
    else:
        work_until(Event())
    return 0
