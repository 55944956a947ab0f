"""Stores delivered files by key, encrypted. A file is complete or absent: it is written under another name, synced and
renamed."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from instroom.config.disk import sync_folder
from instroom.store import data_keys
from instroom.store.files import sealed_file, site_id
from instroom.store.files.sealed_file import Content
from instroom.store.files.sealed_stream import FileChanged


def keep(source: BinaryIO, key: str, customer_id: UUID) -> Content:
    """Store a file under `key` (such as `demo/0193…`), encrypted with the data key of its customer.

    Returns once the file would survive a power cut. Raises OSError if it cannot be written, or leaves too little free
    on the disk, and StoreAway; then nothing is kept.
    """
    site_id.require()
    target = path_of(key)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = sealed_file.seal(source, target, data_keys.current(customer_id), settings.INSTROOM_FREE_BYTES)
    sync_folder(target.parent)
    return content


@contextmanager
def in_memory(key: str, sha256: str) -> Iterator[Path]:
    """A copy of a kept file in memory. Raises OSError, and FileChanged where it is not what was received."""
    with sealed_file.in_memory(path_of(key)) as copy:
        with copy.open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != sha256:
                raise FileChanged("file-changed")
        yield copy


@contextmanager
def in_the_clear(path: Path) -> Iterator[Path]:
    """A file that somebody names: itself, or a copy in memory where it lies among the kept ones, as one that was put
    aside does. Raises OSError and FileChanged."""
    if path.resolve().is_relative_to(path_of("").resolve()):
        with sealed_file.in_memory(path) as copy:
            yield copy
    else:
        yield path


def is_there() -> bool:
    """Whether the store can be read at all. An empty folder is the place of a disk that is not mounted."""
    try:
        return any(path_of("").iterdir())
    except OSError:
        return False


def path_of(key: str) -> Path:
    return site_id.folder() / key
