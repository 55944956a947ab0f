"""`instroom worker`: advances deliveries when a step is due or was interrupted, and sends mails and webhooks."""

import signal
from threading import Event

import click

from instroom.doors.worker.loop import work_until
from instroom.flow.connections.runs import tick
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.reports import make_asked
from instroom.flow.mails import daily_overviews, mailing
from instroom.flow.operations.cleaning import clean
from instroom.flow.webhooks import sending


@click.command(name="worker")
@click.option("--once", is_flag=True, help="Do what is due now, and stop.")
def command(once: bool) -> int:
    """Carry on every delivery that is due, of all customers, and send mails and webhooks, until it is stopped.

    Any number of these can run, on one machine or on many. One that is stopped ends the step that it is at.
    """
    if once:
        tick()
        advance_all()
        daily_overviews.gather_due()
        mailing.send_due()
        sending.send_due()
        clean()
        make_asked()
    else:
        stop = Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: stop.set())
        work_until(stop)
    return 0
