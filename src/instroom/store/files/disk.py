"""How much room the disk has."""

import errno
import os
from pathlib import Path


def has_room(place: Path | str | int, least: int, size: int = 0) -> bool:
    """Whether at least so many bytes would be free beside a file of this size. `place` is a path on the disk, or an
    open file. Raises OSError."""
    return free(place) >= least + size


def free(place: Path | str | int) -> int:
    """Bytes that this process may still write there. Raises OSError."""
    disk = os.statvfs(place)
    return disk.f_bavail * disk.f_frsize


def refuse_full_disk(place: Path | str | int, least: int, size: int) -> None:
    """Raise OSError, as the system does where nothing is left at all."""
    if not has_room(place, least, size):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(place))


def is_about_room(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
