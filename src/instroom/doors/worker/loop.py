"""Carries deliveries on for as long as the process runs."""

import logging
from threading import Event

from django.db import close_old_connections

from instroom.flow.advance import advance_all

PAUSE = 5.0  # seconds between two looks
_log = logging.getLogger(__name__)


def carry_on(stop: Event, pause: float = PAUSE) -> None:
    """Take every due step, look again after `pause` seconds, and end between two steps when `stop` is set.

    A step that breaks is counted at its delivery and tried again (`flow.attempts`): the loop outlives it, and a
    database that is away for a while.
    """
    while not stop.is_set():
        try:
            advance_all()
        except Exception:
            _log.exception("a step broke off; it is tried again")
        finally:
            close_old_connections()
        stop.wait(pause)
