"""A file with a path, for what reads and writes paths, that is on no disk."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
