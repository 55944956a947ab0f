"""What is wrong with the store of files, found out by using it."""

import os
import time
from contextlib import suppress
from errno import ENOENT
from typing import Final, Literal, NamedTuple

from instroom.store.files import disk, site_id
from instroom.store.files.file_store import FileMissing, StoreAway
from instroom.store.files.sealed_stream import write_all
from instroom.store.files.site_store import site_store

_TRIED: Final = "trial"
"""The key of a file that is written, read and deleted."""
StoreFault = Literal["", "away", "of-another-site", "full", "not-writable"]


class StoreTrial(NamedTuple):
    fault: StoreFault
    """A code of docs/how-to/monitor.md; "" where the store is this site's and takes a file."""
    reason: str = ""
    """What the system says of it."""
    ahead: float = 0.0
    """Seconds that the clock of the store is ahead of ours."""


def try_store(site: str) -> StoreTrial:
    """Write a file in the store of this site, read it and delete it."""
    store = site_store()
    try:
        if (there := site_id.read(store)) != site:
            return StoreTrial("of-another-site") if there else StoreTrial("away", os.strerror(ENOENT))
        with store.writing(_TRIED) as file:
            write_all(file, b"\n")
        with suppress(FileMissing), store.open(_TRIED) as file:  # another process, which tries too, has deleted it
            file.read()
        found = store.find(_TRIED)
        ahead = found.written_at - time.time() if found else 0.0
        store.delete(_TRIED)
    except StoreAway as error:
        return StoreTrial("away", error.strerror or "")
    except OSError as error:
        return StoreTrial("full" if disk.is_about_room(error) else "not-writable", error.strerror or "")
    return StoreTrial("", ahead=ahead)
