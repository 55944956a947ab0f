"""What an account sees: its own directory, with our answers, and with what came in while the session was there.

A file that came in before is not shown. Tomorrow's program would take it for the beginning of tomorrow's file, and
send the rest of that after it, or find that it has the right size already and send nothing.
"""

import errno
import os
from pathlib import Path
from typing import Any, Final

from pyftpdlib.exceptions import FilesystemError
from pyftpdlib.filesystems import AbstractedFS

from instroom.flow.file_server.take_in import LONGEST_NAME, is_answer
from instroom.store.files.partial_upload import PartialUpload
from instroom.store.files.uploads import AccountFolders

_MOST_ENTRIES: Final = 1000
_OWNER: Final = "instroom"


class AccountFolder(AbstractedFS):
    """The directory of one session."""

    folders: AccountFolders

    def __init__(self, root: str, cmd_channel: Any) -> None:
        super().__init__(root, cmd_channel)
        self.seen: set[str] = set()
        """What came in while this session was there."""
        self.delivered: set[str] = set()
        """What of it has become a delivery."""
        self._coming_in: PartialUpload | None = None

    def open(self, filename: str, mode: str) -> Any:
        """Our own answers to be read, or an upload: anew ("wb"), after what broke off ("ab"), or within it ("r+b")."""
        if mode == "rb":
            self._refuse_unseen(filename)
            return super().open(filename, mode)
        self._refuse_upload(filename)
        rest = self._broken_off(filename)
        if mode == "wb":
            return self._part(filename, None)
        if rest is None:  # the end of a file would pass for a whole one
            raise FilesystemError("There is no upload of this name that broke off; send the file from its beginning")
        return self._part(filename, rest)

    def mkstemp(self, suffix: str = "", prefix: str = "", dir: str = "", mode: str = "wb") -> Any:
        """An upload under a name of its own (STOU)."""
        while os.path.lexists(name := str(Path(dir) / f"{prefix}{os.urandom(6).hex()}{suffix}")):
            continue
        return self.open(name, "wb")

    def listdir(self, path: str) -> list[str]:
        """The names of a directory."""
        return [name for name in os.listdir(path) if self._is_seen(str(Path(path) / name))]  # noqa: PTH208

    def getsize(self, path: str) -> int:
        """Of an upload that broke off, what there is of it: there it can go on."""
        going_on = self._coming_in
        if going_on and going_on.name == path and not going_on.closed:
            return going_on.size
        if rest := self._broken_off(path):
            return rest.stat().st_size
        return int(self.stat(path).st_size)

    def isfile(self, path: str) -> bool:
        """Whether there is a file, whole or broken off."""
        return self._broken_off(path) is not None or (self._is_seen(path) and super().isfile(path))

    def lexists(self, path: str) -> bool:
        """Whether there is something of that name to see."""
        return self._is_seen(path) and super().lexists(path)

    def stat(self, path: str) -> os.stat_result:
        """Raises OSError."""
        self._refuse_unseen(path)
        found: os.stat_result = super().stat(path)
        return found

    lstat = stat

    def getmtime(self, path: str) -> float:
        """Of an upload that broke off, when that was."""
        rest = self._broken_off(path)
        return (rest.stat() if rest else self.stat(path)).st_mtime

    def utime(self, path: str, timeval: float) -> None:
        """Set the time of a file; that of an answer stays."""
        self._refuse_unseen(path)
        if not is_answer(path):
            os.utime(path, (timeval, timeval))

    def chmod(self, path: str, mode: int) -> None:
        """Taken note of: who may do what is decided elsewhere."""
        self._refuse_unseen(path)

    def mkdir(self, path: str) -> None:
        """Make a directory; what is stored there becomes no delivery."""
        self._refuse_too_much()
        super().mkdir(path)

    def remove(self, path: str) -> None:
        """Take a file out of sight. What has become a delivery stays one."""
        self._refuse_unseen(path)
        super().remove(path)
        self.forget(path)

    def rename(self, src: str, dst: str) -> None:
        """Rename what is not to become a delivery; see `ControlChannel.ftp_RNTO`."""
        self._refuse_unseen(src)
        if is_answer(src) or is_answer(dst):
            raise FilesystemError("That name is for our answers")
        super().rename(src, dst)
        if src in self.seen:
            self.seen.add(dst)
            self.delivered.update({dst} if src in self.delivered else ())
            self.forget(src)

    def forget(self, path: str) -> None:
        """It is there no longer under this name."""
        self.seen.discard(path)
        self.delivered.discard(path)

    def get_user_by_uid(self, uid: int) -> str:
        """Nobody needs to know as whom we run."""
        return _OWNER

    get_group_by_gid = get_user_by_uid

    def _part(self, filename: str, rest: Path | None) -> PartialUpload:
        self._refuse_too_much()
        self._coming_in = PartialUpload(self.folders, Path(filename), self.cmd_channel.file_bytes, rest)
        return self._coming_in

    def _broken_off(self, path: str) -> Path | None:
        if Path(path) == self.folders.folder or not Path(path).is_relative_to(self.folders.folder):
            return None
        return self.folders.broken_off(Path(path), self.cmd_channel.resume)

    def _is_seen(self, path: str) -> bool:
        return path in self.seen or is_answer(path) or os.path.isdir(path)  # noqa: PTH112

    def _refuse_unseen(self, path: str) -> None:
        if not self._is_seen(path):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    def _refuse_upload(self, path: str) -> None:
        if is_answer(path):
            raise FilesystemError("That name is for our answers")
        if os.path.isdir(path):  # noqa: PTH112
            raise FilesystemError("That is a directory")
        if not Path(path).parent.is_dir():
            raise FilesystemError("There is no such directory")
        if len(Path(path).name.encode()) > LONGEST_NAME:
            raise FilesystemError("That name is too long")

    def _refuse_too_much(self) -> None:
        if self.folders.used() > self.cmd_channel.quota or self.folders.entries() >= _MOST_ENTRIES:
            raise FilesystemError("The directory is full")
        disk = os.statvfs(self.folders.base)
        if disk.f_bavail * disk.f_frsize < self.cmd_channel.free:
            raise FilesystemError("There is no room on the disk; try again later")
