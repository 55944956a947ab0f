"""Temporary files that no other user can read: in a folder of this process under INSTROOM_HOME, and in memory for what
holds data of persons in the clear.

The folders of a killed process are deleted when another process starts: their locks ended with the process.
"""

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings

from instroom.core.memory_file import MEMORY, memory_place

_LOCK = "in-use"


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder in memory, where the system has room for that, and else on the disk. It is deleted with its
    content at the end of the `with` block."""
    memory = memory_place()
    made, lock = _make_locked(memory, _prefix()) if memory else _make_locked(_parent(), "")
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(lock)


def process_folder() -> Path:
    """The folder of this process on the disk, made and locked at the first call."""
    return _make_for_process(os.getpid(), _parent())


@cache
def _make_for_process(process_id: int, parent: Path) -> Path:
    """Cached by process id, so that a forked process gets a folder of its own."""
    delete_orphans()
    made, lock = _make_locked(parent, "")
    _LOCKS.append(lock)
    return made


def _make_locked(parent: Path, prefix: str) -> tuple[Path, int]:
    """A folder for us alone (0700), and the open descriptor of its lock."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=parent))
    lock = os.open(made / "new", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    (made / "new").rename(made / _LOCK)  # under this name it is locked from the first moment
    return made, lock


_LOCKS: list[int] = []
"""Open descriptors, one a folder. The kernel releases the locks when the process ends, however it ends."""


def delete_orphans() -> int:
    """Delete the folders of processes that no longer run, and return their number."""
    candidates = [*_parent().glob("*-*"), *MEMORY.glob(f"{_prefix()}*")]
    return sum(_delete_if_orphaned(one) for one in candidates if _is_ours(one))


def _is_ours(found: Path) -> bool:
    """Anybody may make a folder in memory."""
    try:
        facts = found.lstat()
    except FileNotFoundError:  # another process was first
        return False
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid()


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


def _prefix() -> str:
    """Of the names of our folders in memory, which several sites may share."""
    return f"instroom-{hashlib.sha256(os.fsencode(settings.INSTROOM_HOME)).hexdigest()[:16]}-"
