"""Scans a watched folder until it is stopped."""

import logging
from threading import Event
from typing import Final

from django.db import close_old_connections

from instroom.flow.file_server.throttled_log import DailyWarning, reason_of
from instroom.flow.file_server.watched_folder import Watcher

PAUSE: Final = 1.0  # seconds between two scans
_warning: Final = DailyWarning(logging.getLogger("instroom.watch"))


def watch(watcher: Watcher, stop: Event) -> None:
    """Scan the folder until `stop` is set. A scan that fails, for example because the database is down, is logged and
    repeated."""
    while not stop.is_set():
        try:
            watcher.look(stop=stop.is_set)
        except Exception as error:
            _warning.warn("a scan of the watched folder failed", reason_of(error))
        finally:
            close_old_connections()
        stop.wait(PAUSE)
