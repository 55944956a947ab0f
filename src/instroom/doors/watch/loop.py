"""Looks at a watched folder for as long as the process runs."""

import logging
from threading import Event
from typing import Final

from django.db import close_old_connections

from instroom.flow.file_server.throttled_log import SaidOnce, why
from instroom.flow.file_server.watched_folder import Watcher

PAUSE: Final = 1.0  # seconds between two looks
_said: Final = SaidOnce(logging.getLogger("instroom.watch"))


def watch(watcher: Watcher, stop: Event) -> None:
    """Look, and look again, until `stop` is set; a file that is being taken then is finished. A look that breaks, as
    when the database is away, is told and gone again."""
    while not stop.is_set():
        try:
            watcher.look(stop=stop.is_set)
        except Exception as error:
            _said.say("a look at the watched folder broke off", why(error))
        finally:
            close_old_connections()
        stop.wait(PAUSE)
