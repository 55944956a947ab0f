"""Temporary files with a path, for what reads and writes paths, that are on no disk."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - what is made in it has a name that nobody guesses, and mode 0700
_LEAST: Final = 256 * 1024 * 1024


@contextmanager
def memory_file() -> Iterator[Path]:
    """The path of an empty file in memory, gone with this process at the latest. Elsewhere than on Linux it is a file
    in a temporary folder."""
    if sys.platform == "linux":
        descriptor = os.memfd_create("instroom")
        try:
            yield Path(f"/proc/self/fd/{descriptor}")
        finally:
            os.close(descriptor)
    else:
        with tempfile.TemporaryDirectory(prefix="instroom-") as folder:
            yield Path(folder) / "file"


def memory_place() -> Path | None:
    """Where temporary folders are in memory: a process that is killed leaves them there. None where there is no such
    place, or no room in it, as in a container that was given none."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= _LEAST else None
