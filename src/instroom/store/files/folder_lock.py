"""A lock on a folder, for one process at a time on this machine."""

import fcntl
from pathlib import Path
from typing import BinaryIO


def hold_lock(lock: Path) -> BinaryIO:
    """Hold this lock until the file is closed or the process ends. Raises BlockingIOError if another process holds it,
    and OSError."""
    file = lock.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise
    return file
