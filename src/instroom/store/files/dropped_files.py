"""What another program drops in a folder: looked at without trust, copied whole, taken away by a rename, answered.

Whoever drops it may still be writing, replace it at any moment, or mean harm: no link is followed, and what was copied
is only what was looked at.
"""

import fcntl
import os
import secrets
import signal
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from instroom.store.files.delivered_files import sync_folder

ASIDE: Final = ".instroom-taken-"
"""How the names of what we have put aside begin."""
_DRAFT: Final = ".instroom-answer-"
_CHUNK: Final = 1024 * 1024


class StillChanging(Exception):
    """It is not, or not any more, what was looked at: somebody is busy with it."""


class Stamp(NamedTuple):
    """What differs when a file does. Times in nanoseconds."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int
    """The system's own time, which no program can set: also of renaming and of setting the other time."""

    @classmethod
    def of(cls, found: os.stat_result) -> "Stamp":
        """The stamp of a file as the system tells."""
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)

    def has_content_of(self, other: "Stamp") -> bool:
        """Whether it is the same file with nothing written since, by whatever name."""
        return self[:4] == other[:4]


def stamp_of(path: Path) -> Stamp | None:
    """The stamp of a plain file; None for what is something else. Raises OSError."""
    found = path.lstat()
    return Stamp.of(found) if stat.S_ISREG(found.st_mode) else None


def copy(source: Path, seen: Stamp, target: Path) -> None:
    """Copy what was looked at, to survive a power cut. Raises StillChanging, and OSError where it cannot be done."""
    descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb", buffering=0) as opened, target.open("xb") as own:
        _refuse_change(opened, seen)
        left = seen.size
        while left and (chunk := opened.read(min(left, _CHUNK))):
            left -= own.write(chunk)
        own.flush()
        os.fsync(own.fileno())
        _refuse_change(opened, seen)


def put_aside(source: Path, aside: Path) -> None:
    """Take it away for good, in the same folder: of several who try, one succeeds. Raises OSError."""
    source.rename(aside)
    sync_folder(aside.parent)


def is_aside(aside: Path, seen: Stamp) -> bool:
    """Whether what was looked at was put aside there, and nothing has been written to it since. Raises OSError."""
    try:
        found = stamp_of(aside)
    except FileNotFoundError:
        return False
    return found is not None and found.has_content_of(seen)


def put_back(aside: Path, source: Path) -> None:
    """Give it its name again, unless something newer has that: then it would have been overwritten. Raises OSError."""
    try:
        source.hardlink_to(aside)
    except FileNotFoundError:
        return
    except FileExistsError:
        pass
    except OSError:  # no links on this file system, or none to somebody else's file
        aside.rename(source)
        return
    aside.unlink(missing_ok=True)


def bring(own: Path, target: Path) -> None:
    """Put a copy of a file of ours in somebody else's folder, at once and as a whole. Raises OSError.

    Whoever may look in the folder may read it. The folder's owner may, where it is not ours, as one of the others: the
    folder keeps out everybody else.
    """
    folder = target.parent.stat()
    mode = folder.st_mode & 0o666 | (0o600 if folder.st_uid == os.geteuid() else 0o604)
    draft = target.with_name(f"{_DRAFT}{secrets.token_hex(16)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(own.read_bytes())
            with suppress(PermissionError):
                os.fchown(out.fileno(), -1, folder.st_gid)
            os.fchmod(out.fileno(), mode)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def sweep(folder: Path) -> None:
    """Remove what is left there of answers whose writer was killed, and nothing that somebody else calls so."""
    for draft in folder.glob(f"{_DRAFT}*"):
        with suppress(OSError):
            draft.unlink()


def _refuse_change(opened: BinaryIO, seen: Stamp) -> None:
    if _has_writer(opened.fileno()) or Stamp.of(os.fstat(opened.fileno())) != seen:
        raise StillChanging


def _has_writer(descriptor: int) -> bool:
    """Whether some program has the file open to write: then Linux gives no lease on it. False also where that cannot be
    known, of another user's file and on file systems without leases."""
    fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)  # who opens it just now would else end us by SIGIO
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
