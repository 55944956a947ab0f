"""What is wrong with the store of files, found out by using it."""

from typing import Final

from instroom.store.files import disk, site_id
from instroom.store.files.file_store import StoreAway
from instroom.store.files.sealed_stream import write_all
from instroom.store.files.site_store import site_store

_PROBE: Final = "readiness"
"""The key of a file that is written to see whether that can be done, and deleted."""


def store_fault(site: str) -> str:
    """A code of docs/how-to/monitor.md; "" where the store is this site's and takes a file."""
    try:
        store = site_store()
        if (there := site_id.read(store)) != site:
            return "of-another-site" if there else "away"
        with store.writing(_PROBE) as file:
            write_all(file, b"ready\n")
        store.delete(_PROBE)
    except StoreAway:
        return "away"
    except OSError as error:
        return "full" if disk.is_about_room(error) else "not-writable"
    return ""
