"""Stores delivered files by key. A file is complete or absent: it is written under another name, synced and renamed."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from instroom.store.files.disk import refuse_full_disk

_CHUNK = 1024 * 1024


def keep(source: BinaryIO, key: str) -> tuple[int, str]:
    """Store a file under `key` (such as `demo/0193…`). Returns its size in bytes and its SHA-256.

    Returns once the file would survive a power cut. Raises OSError if it cannot be written, or leaves too little free
    on the disk; then nothing is kept.
    """
    target = path_of(key)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    digest, size = hashlib.sha256(), 0
    try:
        with part.open("wb") as out:
            while chunk := source.read(_CHUNK):
                refuse_full_disk(target.parent, settings.INSTROOM_FREE_BYTES, len(chunk))
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)
    return size, digest.hexdigest()


def path_of(key: str) -> Path:
    return Path(settings.INSTROOM_HOME) / "files" / key


def sync_folder(folder: Path) -> None:
    """Sync a folder to disk, so that the names in it survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
