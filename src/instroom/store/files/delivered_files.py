"""Delivered files and their reports, each under its key in the store of the site, encrypted."""

import errno
import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from django.conf import settings

from instroom.store import data_keys
from instroom.store.files.file_store import FileMissing
from instroom.store.files.sealed_file import Content, SealedFile
from instroom.store.files.sealed_stream import FileChanged, FileUnreadable
from instroom.store.files.site_store import site_store
from instroom.store.files.store_trial import try_store
from instroom.store.models import Site

_OF_THE_MACHINE: Final = (errno.ENOSPC, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN)
"""It has no room, memory or open files left: that says nothing of the file that was read."""


def kept(key: str) -> SealedFile:
    """The file under a key such as `demo/0193…`, whether it is there or not."""
    return SealedFile(site_store(), key)


def keep(source: BinaryIO, key: str, customer_id: UUID) -> Content:
    """Store a file, encrypted with the data key of its customer.

    Returns once the file would survive a power cut. Raises OSError if it cannot be written, or leaves too little free
    on the disk, and StoreAway; then nothing is kept.
    """
    return kept(key).seal(source, data_keys.current(customer_id), settings.INSTROOM_FREE_BYTES)


@contextmanager
def in_memory(key: str, sha256: str) -> Iterator[Path]:
    """A copy of a kept file in memory. Raises OSError, and FileChanged where it is not what was received.

    Where this one cannot be read, the store is tried: is nothing the matter with that, FileUnreadable is raised.
    """
    with ExitStack() as stack:
        try:
            copy = stack.enter_context(kept(key).in_memory())
        except FileMissing:
            raise
        except OSError as error:
            if error.errno in _OF_THE_MACHINE or try_store(str(Site.objects.get().pk)).fault:
                raise
            raise FileUnreadable("file-unreadable") from error
        with copy.open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != sha256:
                raise FileChanged("file-changed")
        yield copy


def named(name: str) -> SealedFile | None:
    """The kept file that somebody names by its path or address, as one that was put aside; None for any other file."""
    key = site_store().key_named(name)
    return None if key is None else kept(key)
