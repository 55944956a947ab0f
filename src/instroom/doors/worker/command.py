"""`instroom worker`: advances deliveries when a step is due or was interrupted, and sends mails and webhooks."""

import logging
import os
import sys
from contextlib import suppress
from functools import partial
from threading import Event, Thread
from typing import Final

import click
from django.db import DatabaseError, connection

from instroom.config.stopping import when_stopped
from instroom.doors.worker.hanging import ending_where_it_hangs
from instroom.doors.worker.loop import work_until
from instroom.flow.connections.runs import tick
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.broken_off import excuse_deliveries
from instroom.flow.delivery.reports import make_asked
from instroom.flow.heartbeat import beating
from instroom.flow.mails import daily_overviews, mailing
from instroom.flow.operations.cleaning import clean
from instroom.flow.webhooks import sending
from instroom.store.troubles import where_of

_NICENESS: Final = 5
"""Of a worker beside the pages, which then go first where the processor is short (docs/explanation/load.md). By the
weights of Linux three busy threads leave it a tenth; with 10 it would be a thirtieth."""
_log = logging.getLogger(__name__)


@click.command(name="worker")
@click.option("--once", is_flag=True, help="Do what is due now, and stop.")
@click.option("--until-input-ends", is_flag=True, hidden=True)
def command(once: bool, until_input_ends: bool) -> int:
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
        when_stopped(partial(_end, stop))
        if until_input_ends:
            with suppress(PermissionError):  # a service manager may forbid it, as its hardening of a unit does
                os.nice(_NICENESS)
            Thread(target=_end_with_input, args=(stop,), name="input", daemon=True).start()
        with beating("worker"), ending_where_it_hangs():
            work_until(stop)
    return 0


def _end(stop: Event) -> None:
    """The step goes on meanwhile."""
    stop.set()
    try:
        excuse_deliveries()
    except DatabaseError as error:
        _log.warning("what is being done counts as broken off by itself: %s", where_of(error))
    finally:
        connection.close()


def _end_with_input(stop: Event) -> None:
    """Whoever started us holds the other end of the pipe, and has ended."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    _end(stop)
