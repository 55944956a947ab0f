"""Stores delivered files by key. A file is complete or absent: it is written under another name, synced and renamed."""

import hashlib
import math
import os
import stat
import time
from collections.abc import Callable
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


def delete_orphans(age: float, known: Callable[[list[str]], set[str]]) -> int:
    """Delete the files that a killed process left, older than `age` seconds; gives how many.

    `known` tells of some keys those that are a delivery's, with the reports beside its file. Files that were there
    before the first of these are of another database, and stay.
    """
    count = 0
    for folder in path_of("").glob("*/"):
        old = {one: since for one in folder.iterdir() if (since := _since(one, age)) is not None}
        keys = {one: f"{folder.name}/{one.name.partition('.')[0]}" for one in old}
        found = known(sorted(set(keys.values())))
        first = min((since for one, since in old.items() if keys[one] in found), default=math.inf)
        for one, since in old.items():
            is_orphan = one.suffix == ".part" or (keys[one] not in found and since >= first)
            if is_orphan and _since(one, age) is not None:  # else it has been kept again meanwhile
                one.unlink(missing_ok=True)
                count += 1
    return count


def _since(path: Path, age: float) -> float | None:
    """When a file older than `age` seconds was written; None for another, and for what has gone."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    is_old = stat.S_ISREG(found.st_mode) and time.time() - found.st_mtime > age
    return found.st_mtime if is_old else None


def sync_folder(folder: Path) -> None:
    """Sync a folder to disk, so that the names in it survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
