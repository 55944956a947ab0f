"""How much of the disk stays free, and what of it survives a power cut."""

import os
from pathlib import Path
from typing import Final

from instroom.config.numbers import megabytes

_LEAST_FREE: Final = 500  # megabytes: a database that cannot write stops everybody


def least_free() -> int:
    """INSTROOM_FREE_MB in bytes. Raises SettingsError."""
    return megabytes("INSTROOM_FREE_MB", os.environ.get("INSTROOM_FREE_MB"), _LEAST_FREE)


def sync_folder(folder: Path) -> None:
    """Sync a folder to disk, so that the names in it survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
