"""Files that live for a moment: in a folder of this process alone, under INSTROOM_HOME, which nobody else may read.

What a process that was killed leaves behind is swept when another one starts: the lock on its folder is gone with it.
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
    """A folder that goes, with all that is in it, when it is no longer needed."""
    with tempfile.TemporaryDirectory(dir=own()) as made:
        yield Path(made)


def own() -> Path:
    """The folder of this process, made and locked when it is first asked for."""
    return _own(os.getpid(), _all())


@cache
def _own(process: int, place: Path) -> Path:
    """A process that was forked has another number, and so a folder of its own."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep()
    made = Path(tempfile.mkdtemp(prefix=f"{process}-", dir=place))  # 0700
    _LOCKS.append(os.open(made / "new", os.O_CREAT | os.O_RDWR, 0o600))
    fcntl.flock(_LOCKS[-1], fcntl.LOCK_EX)
    (made / "new").rename(made / _LOCK)  # by that name it is locked from the first moment
    return made


_LOCKS: list[int] = []
"""Open for as long as the process lives: the kernel lets go of them, also when it is killed."""


def sweep() -> int:
    """Remove the folders of processes that are gone. Gives how many there were."""
    return sum(_swept(one) for one in _all().glob("*-*") if one.is_dir())


def _swept(left: Path) -> bool:
    try:
        lock = os.open(left / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False  # it is being made, or another process sweeps it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        shutil.rmtree(left, ignore_errors=True)
        return True
    finally:
        os.close(lock)


def _all() -> Path:
    return Path(settings.INSTROOM_HOME) / "scratch"
