"""Advances deliveries, and sends mails and webhooks beside it, until it is stopped."""

import logging
from collections.abc import Callable
from functools import partial
from threading import Event, Thread, current_thread

from django.db import close_old_connections

from instroom.doors.worker.hanging import watched
from instroom.flow.connections.runs import tick
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.reports import make_asked
from instroom.flow.mails.daily_overviews import gather_due
from instroom.flow.mails.mailing import send_due
from instroom.flow.operations.cleaning import EVERY, clean
from instroom.flow.passing_by import is_site_trouble, pause_after, say_what_is_over
from instroom.flow.privacy.restored import apply_register
from instroom.flow.webhooks.sending import Sender
from instroom.store.troubles import where_of

PAUSE = 0.5  # seconds between two looks; where nothing is due, each reads the end of an index
_CLEANING_ENDS = 10.0  # seconds; a large site is cleaned for minutes, which can break off anywhere
_log = logging.getLogger(__name__)


def work_until(stop: Event, pause: float = PAUSE) -> None:
    """Take every due step and the files of connections whose time has come, make every report that is asked for, send
    every due mail and webhook call, and repeat after `pause` seconds until `stop` is set.

    Who has been erased is erased again first, where a restored database brought them back. Data that is no longer
    needed is deleted at the start, and then once a day.

    All but the steps is done in threads of its own: neither a file of nonsense nor a mail server that does not answer
    delays a delivery, and a thousand files at one hour are all taken in time.
    """
    _repeat(apply_register, stop, pause, once=True)
    threads = [
        Thread(
            target=_repeat,
            args=(watched(partial(tick, stop=stop.is_set)), stop, pause),
            name="connections",
            daemon=True,
        ),
        Thread(target=_repeat, args=(watched(make_asked), stop, pause), name="reports", daemon=True),
        Thread(target=_repeat, args=(send_due, stop, pause), name="mails", daemon=True),
        Thread(target=_repeat, args=(gather_due, stop, pause), name="overviews", daemon=True),
        Thread(target=_send_webhooks, args=(stop, pause), name="webhooks", daemon=True),
    ]
    cleaning = Thread(target=_repeat, args=(clean, stop, EVERY.total_seconds()), name="cleaning", daemon=True)
    for thread in (*threads, cleaning):
        thread.start()
    _repeat(watched(partial(advance_all, stop.is_set)), stop, pause)
    for thread in threads:
        thread.join()
    cleaning.join(_CLEANING_ENDS)


def _send_webhooks(stop: Event, pause: float) -> None:
    with Sender() as sender:
        _repeat(sender.round, stop, pause)


def _repeat(work: Callable[[], object], stop: Event, pause: float, *, once: bool = False) -> None:
    """The loop survives what breaks, and a database that is down for a while: then it waits longer each time."""
    failures, said = 0, ""
    while not stop.is_set():
        try:
            work()
            if once:
                return
            failures, said = 0, ""
        except Exception as error:
            failures += 1
            before, said = said, where_of(error)
            if not is_site_trouble(error) and said != before:
                _log.error("the work of %s broke and is tried again: %s", current_thread().name, said)
        finally:
            close_old_connections()
        say_what_is_over()
        stop.wait(pause_after(failures) if failures else pause)
