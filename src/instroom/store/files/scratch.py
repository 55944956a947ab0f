"""Temporary files, in a folder of this process under INSTROOM_HOME that no other user can read.

The folder of a killed process is deleted when another process starts: its lock ended with the process.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings

_LOCK = "in-use"


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder. It is deleted with its content at the end of the `with` block."""
    with tempfile.TemporaryDirectory(dir=process_folder()) as name:
        yield Path(name)


def process_folder() -> Path:
    """The folder of this process, created and locked at the first call."""
    return _create_locked(os.getpid(), _parent())


@cache
def _create_locked(process_id: int, parent: Path) -> Path:
    """Cached by process id, so that a forked process gets a folder of its own."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    delete_orphans()
    created = Path(tempfile.mkdtemp(prefix=f"{process_id}-", dir=parent))  # 0700
    _LOCKS.append(os.open(created / "new", os.O_CREAT | os.O_RDWR, 0o600))
    fcntl.flock(_LOCKS[-1], fcntl.LOCK_EX)
    (created / "new").rename(created / _LOCK)  # under this name it is locked from the first moment
    return created


_LOCKS: list[int] = []
"""Open descriptors, one a folder. The kernel releases the locks when the process ends, however it ends."""


def delete_orphans() -> int:
    """Delete the folders of processes that no longer run, and return their number."""
    return sum(_delete_if_orphaned(candidate) for candidate in _parent().glob("*-*") if candidate.is_dir())


def _delete_if_orphaned(left: Path) -> bool:
    try:
        lock = os.open(left / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False  # its process is creating it, or another process is deleting it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        shutil.rmtree(left, ignore_errors=True)
        return True
    finally:
        os.close(lock)


def _parent() -> Path:
    return Path(settings.INSTROOM_HOME) / "scratch"
