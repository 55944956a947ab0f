"""How much room the disks have. Of PostgreSQL's own, its server must tell."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from instroom.config.disk import least_free
from instroom.config.file_server import folder as file_server_folder
from instroom.config.file_store import S3Place, files_place
from instroom.config.home import home
from instroom.config.numbers import MB
from instroom.flow.operations.doctor.diagnosis import Asked, Diagnosis, diagnosis
from instroom.store.files.disk import free as free_bytes

_SOON: Final = 4
"""So many times the least: a few busy days."""


def look(asked: Asked) -> Iterator[Diagnosis]:
    """Raises SettingsError."""
    kept, least = files_place(os.environ.get("INSTROOM_FILES", "")), least_free()
    folders = [home(), None if isinstance(kept, S3Place) else kept, file_server_folder()]
    disks = {one.stat().st_dev: one for one in reversed(folders) if one and one.is_dir()}
    for folder in reversed(disks.values()):
        yield _of(folder, least)


def _of(folder: Path, least: int) -> Diagnosis:
    disk, free = os.statvfs(folder), free_bytes(folder)
    facts = {"folder": folder, "free": free // MB, "least": least // MB}
    if disk.f_files and not disk.f_favail:
        return diagnosis("names-none", folder=folder)
    if free < least:
        return diagnosis("room-none", **facts)
    return diagnosis("room-low" if free < _SOON * least else "room", **facts)
