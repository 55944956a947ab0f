"""Carries deliveries on, and sends mails and webhooks beside it, for as long as the process runs."""

import logging
from collections.abc import Callable
from threading import Event, Thread

from django.db import close_old_connections

from instroom.flow.connections.runs import tick
from instroom.flow.delivery.advance import advance_all
from instroom.flow.mails.mailing import send_due
from instroom.flow.operations.cleaning import EVERY, clean
from instroom.flow.webhooks.sending import Sender

PAUSE = 5.0  # seconds between two looks
_log = logging.getLogger(__name__)


def work_until(stop: Event, pause: float = PAUSE) -> None:
    """Take every due step, send every due mail and webhook call, and repeat after `pause` seconds until `stop` is set.

    What nobody needs any more is deleted when it begins, and each day after.

    Mails and webhooks go out in threads of their own: a mail server that does not answer keeps no delivery waiting.
    """
    beside = [
        Thread(target=_again_and_again, args=(send_due, stop, pause), name="mails", daemon=True),
        Thread(target=_again_and_again, args=(clean, stop, EVERY.total_seconds()), name="cleaning", daemon=True),
        Thread(target=_send_webhooks, args=(stop, pause), name="webhooks", daemon=True),
    ]
    for one in beside:
        one.start()
    _again_and_again(work, stop, pause)
    for one in beside:
        one.join()


def work() -> int:
    """Take the files whose time has come, and carry on every delivery that is due; how many steps that were."""
    return tick() + advance_all()


def _send_webhooks(stop: Event, pause: float) -> None:
    with Sender() as sender:
        _again_and_again(sender.round, stop, pause)


def _again_and_again(work: Callable[[], object], stop: Event, pause: float) -> None:
    """A step that breaks is counted at its delivery and tried again (`flow.attempts`), as a mail is: the loop outlives
    it, and a database that is away for a while."""
    while not stop.is_set():
        try:
            work()
        except Exception:
            _log.exception("a step broke off; it is tried again")
        finally:
            close_old_connections()
        stop.wait(pause)
