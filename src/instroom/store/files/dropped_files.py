"""Files that another program drops in a folder: inspected without trust, copied, moved aside by a rename, answered.

That program may still be writing, may replace the file at any moment, or may be malicious. So no link is followed, and
a copy counts only if the file did not change while it was made.
"""

import fcntl
import os
import secrets
import shutil
import signal
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from instroom.config.disk import sync_folder
from instroom.store.data_keys import DataKey
from instroom.store.files.sealed_stream import SealedWriter

OWN_PREFIX: Final = ".instroom-"
ASIDE_PREFIX: Final = f"{OWN_PREFIX}taken-"
"""The prefix of the names of files that we have moved aside."""
_DRAFT: Final = f"{OWN_PREFIX}answer-"
_CHUNK: Final = 1024 * 1024


class StillChanging(Exception):
    """The file is not, or no longer, the one that was inspected: another program is changing it."""


class Stamp(NamedTuple):
    """Facts that change when a file changes. Times in nanoseconds."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int
    """The ctime, which no program can set. Renaming changes it, and so does setting `modified`."""

    @classmethod
    def of(cls, found: os.stat_result) -> "Stamp":
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)

    def has_content_of(self, other: "Stamp") -> bool:
        """Whether it is the same file with nothing written since. Its name may have changed."""
        return self[:4] == other[:4]


def stamp_of(path: Path) -> Stamp | None:
    """The stamp of a regular file; None for anything else, such as a link. Raises OSError."""
    found = path.lstat()
    return Stamp.of(found) if stat.S_ISREG(found.st_mode) else None


def copy(source: Path, seen: Stamp, target: Path, key: DataKey) -> None:
    """Make an encrypted copy of the inspected file and sync it. Raises StillChanging if it is no longer the same, and
    OSError."""
    descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb", buffering=0) as opened, target.open("xb", buffering=0) as own:
        _refuse_change(opened, seen)
        writer = SealedWriter(own, key)
        while writer.size < seen.size and (chunk := opened.read(min(seen.size - writer.size, _CHUNK))):
            writer.write(chunk)
        writer.finish()
        os.fsync(own.fileno())
        _refuse_change(opened, seen)


def put_aside(source: Path, aside: Path) -> None:
    """Rename a file within its folder. If several processes try, one succeeds. Raises OSError."""
    source.rename(aside)
    sync_folder(aside.parent)


def is_aside(aside: Path, seen: Stamp) -> bool:
    """Whether `aside` is the inspected file, with nothing written to it since. Raises OSError."""
    try:
        found = stamp_of(aside)
    except FileNotFoundError:
        return False
    return found is not None and found.has_content_of(seen)


def put_back(aside: Path, source: Path) -> None:
    """Give a file its old name back. If a newer file has that name, delete the older one. Raises OSError."""
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


def place(content: BinaryIO, target: Path) -> None:
    """Put a file in somebody else's folder, in one step. Raises OSError.

    Everybody who can list the folder can read the file. If the folder's owner is another user than ours, that takes
    read permission for others; the permissions of the folder itself keep everybody else out.
    """
    folder = target.parent.stat()
    mode = folder.st_mode & 0o666 | (0o600 if folder.st_uid == os.geteuid() else 0o604)
    draft = target.with_name(f"{_DRAFT}{secrets.token_hex(16)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            shutil.copyfileobj(content, out)
            with suppress(PermissionError):
                os.fchown(out.fileno(), -1, folder.st_gid)
            os.fchmod(out.fileno(), mode)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def delete_drafts(folder: Path) -> None:
    """Delete the drafts of answers whose writer was killed."""
    for draft in folder.glob(f"{_DRAFT}*"):
        with suppress(OSError):
            draft.unlink()


def _refuse_change(opened: BinaryIO, seen: Stamp) -> None:
    if _has_writer(opened.fileno()) or Stamp.of(os.fstat(opened.fileno())) != seen:
        raise StillChanging


def _has_writer(descriptor: int) -> bool:
    """Whether a program has the file open for writing: then Linux refuses a lease on it. Returns False also if that
    cannot be known, as for another user's file or on a file system without leases."""
    fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)  # the default, SIGIO, kills us if the file is opened now
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
