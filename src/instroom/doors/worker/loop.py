"""Carries deliveries on, and sends mails, for as long as the process runs."""

import logging
from collections.abc import Callable
from threading import Event

from django.db import close_old_connections

from instroom.flow.advance import advance_all
from instroom.flow.mailing import send_due

PAUSE = 5.0  # seconds between two looks
_log = logging.getLogger(__name__)


def carry_on(stop: Event, pause: float = PAUSE) -> None:
    """Take every due step and send every due mail, look again after `pause` seconds, and end when `stop` is set.

    A step that breaks is counted at its delivery and tried again (`flow.attempts`), as a mail is: the loop outlives it,
    and a database that is away for a while.
    """
    while not stop.is_set():
        _do(advance_all)
        _do(send_due)
        stop.wait(pause)


def _do(work: Callable[[], int]) -> None:
    try:
        work()
    except Exception:
        _log.exception("a step broke off; it is tried again")
    finally:
        close_old_connections()
