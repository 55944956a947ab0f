"""The program itself: its version, its Python, what the system lets it open, and the data of time zones."""

import platform
import resource
from collections.abc import Iterator
from importlib.metadata import version
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from instroom.config.file_server import file_server
from instroom.core.errors import SettingsError
from instroom.flow.operations.doctor.diagnosis import Asked, Diagnosis, diagnosis

ZONE: Final = "Europe/Amsterdam"
_BESIDE: Final = 256  # files and connections that are none of the file server's clients


def look(asked: Asked) -> Iterator[Diagnosis]:
    yield diagnosis("program", version=version("instroom"), python=platform.python_version())
    limit, needed = resource.getrlimit(resource.RLIMIT_NOFILE)[0], _connections() + _BESIDE
    if limit != resource.RLIM_INFINITY and limit < needed:
        yield diagnosis("open-files-few", limit=limit, needed=needed)
    try:
        ZoneInfo.no_cache(ZONE)
    except (ZoneInfoNotFoundError, OSError):
        yield diagnosis("time-zones-missing", zone=ZONE)


def _connections() -> int:
    try:
        return file_server().connections
    except SettingsError:  # `site_settings` tells it
        return 0
