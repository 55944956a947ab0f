"""The directory that an account sees: our answers, and the files that were uploaded during the session.

Earlier files are hidden. Tomorrow's program would take such a file for the start of tomorrow's file and send only the
rest, or find that it has the right size already and send nothing.
"""

import errno
import os
import stat
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from pyftpdlib.exceptions import FilesystemError
from pyftpdlib.filesystems import AbstractedFS

from instroom.core.keys import file_key
from instroom.core.litter import is_litter
from instroom.flow.file_server.file_names import LONGEST_NAME, is_answer
from instroom.store.files import sealed_file
from instroom.store.files.disk import has_room
from instroom.store.files.partial_upload import PartialUpload
from instroom.store.files.sealed_stream import FileChanged
from instroom.store.files.uploads import AccountFolders

_MAX_ENTRIES: Final = 1000
_OWNER: Final = "instroom"


class AccountFolder(AbstractedFS):
    """The directory of one session."""

    folders: AccountFolders

    def __init__(self, root: str, cmd_channel: Any) -> None:
        super().__init__(root, cmd_channel)
        self.visible: set[str] = set()
        """Paths of the files that were uploaded during this session."""
        self.waiting: dict[str, UUID] = {}
        """Those of them whose name may still change, with the id under which they wait."""
        self._current_upload: PartialUpload | None = None

    def open(self, filename: str, mode: str) -> Any:
        """Read one of our answers ("rb"), start an upload ("wb"), or resume an interrupted one: at its end ("ab") or
        within it ("r+b")."""
        if mode == "rb":
            self._refuse_invisible(filename)
            return sealed_file.at(Path(filename)).opened()
        self._refuse_upload(filename)
        rest = self._interrupted_upload(filename)
        if mode == "wb":
            return self._start_upload(filename, None)
        if rest is None:  # the tail of a file would pass for a complete one
            self.cmd_channel.note_failure("nothing-to-resume", Path(filename).name)
            raise FilesystemError("No interrupted upload has this name; send the file from its beginning")
        return self._start_upload(filename, rest)

    def mkstemp(self, suffix: str = "", prefix: str = "", dir: str = "", mode: str = "wb") -> Any:
        """Start an upload under a unique name (STOU)."""
        while os.path.lexists(name := str(Path(dir) / f"{prefix}{os.urandom(6).hex()}{suffix}")):
            continue
        return self.open(name, "wb")

    def listdir(self, path: str) -> list[str]:
        return [name for name in os.listdir(path) if self._is_visible(str(Path(path) / name))]  # noqa: PTH208

    def getsize(self, path: str) -> int:
        """For an interrupted upload, the number of bytes received: from there it can be resumed."""
        current = self._current_upload
        if current and current.name == path and not current.closed:
            return current.size
        if rest := self._interrupted_upload(path):
            return sealed_file.at(rest).size()
        return int(self.stat(path).st_size)

    def isfile(self, path: str) -> bool:
        """Whether there is a complete file or an interrupted upload."""
        return self._interrupted_upload(path) is not None or (self._is_visible(path) and super().isfile(path))

    def lexists(self, path: str) -> bool:
        return self._is_visible(path) and super().lexists(path)

    def stat(self, path: str) -> os.stat_result:
        """With the size that the file had before it was encrypted."""
        self._refuse_invisible(path)
        found: os.stat_result = super().stat(path)
        if stat.S_ISREG(found.st_mode):
            facts = list(found)
            facts[stat.ST_SIZE] = sealed_file.at(Path(path)).size()
            return os.stat_result(facts)
        return found

    lstat = stat

    def getmtime(self, path: str) -> float:
        """For an interrupted upload, the time at which it was interrupted."""
        rest = self._interrupted_upload(path)
        return (rest.stat() if rest else self.stat(path)).st_mtime

    def utime(self, path: str, timeval: float) -> None:
        """Set the time of a file. That of an answer does not change."""
        self._refuse_invisible(path)
        if not is_answer(path):
            os.utime(path, (timeval, timeval))

    def chmod(self, path: str, mode: int) -> None:
        """Accept the command and change nothing."""
        self._refuse_invisible(path)

    def mkdir(self, path: str) -> None:
        """Create a directory. No file can be uploaded into it."""
        if full := self.why_full():
            self.cmd_channel.note_failure(full[0])
            raise FilesystemError(full[1])
        super().mkdir(path)

    def remove(self, path: str) -> None:
        """Remove a file from the directory. Its delivery stays."""
        self._refuse_invisible(path)
        super().remove(path)
        self.forget(path)

    def rename(self, src: str, dst: str) -> None:
        """Rename a file that does not become a delivery by it; see `UploadSession.ftp_RNTO`."""
        self._refuse_invisible(src)
        if is_answer(src) or is_answer(dst):
            raise FilesystemError("This name is reserved for our answers")
        super().rename(src, dst)
        if src in self.visible:
            self.show(dst, self.waiting.get(src))
            self.forget(src)

    def show(self, path: str, waiting_id: UUID | None) -> None:
        """Show a file, and remember the id under which it waits for its name."""
        self.visible.add(path)
        self.waiting.pop(path, None)
        if waiting_id:
            self.waiting[path] = waiting_id

    def forget(self, path: str) -> None:
        """Stop showing a file under this name."""
        self.visible.discard(path)
        self.waiting.pop(path, None)

    def get_user_by_uid(self, uid: int) -> str:
        """Hide which system user runs the server."""
        return _OWNER

    get_group_by_gid = get_user_by_uid

    def _start_upload(self, filename: str, rest: Path | None) -> PartialUpload:
        session = self.cmd_channel
        most = min(session.file_bytes, session.room.bytes + (sealed_file.at(rest).size() if rest else 0))
        try:
            upload = PartialUpload(self.folders, Path(filename), session.room.key, most, rest, session.free)
        except FileChanged as error:
            raise FilesystemError(
                "The interrupted upload cannot be resumed; send the file from its beginning"
            ) from error
        self._current_upload = upload
        return upload

    def _interrupted_upload(self, path: str) -> Path | None:
        if Path(path) == self.folders.folder or not Path(path).is_relative_to(self.folders.folder):
            return None
        return self.folders.interrupted(Path(path), self.cmd_channel.resume)

    def _is_visible(self, path: str) -> bool:
        return path in self.visible or is_answer(path) or os.path.isdir(path)  # noqa: PTH112

    def _refuse_invisible(self, path: str) -> None:
        if not self._is_visible(path):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    def _refuse_upload(self, path: str) -> None:
        if why := self.refusal_of(path):
            raise FilesystemError(why)
        if os.path.isdir(path):  # noqa: PTH112
            raise FilesystemError("That is a directory")
        if not Path(path).parent.is_dir():
            raise FilesystemError("No such directory")

    def refusal_of(self, path: str) -> str:
        """Why no upload can have this name; "" if it can. What would not be kept is not accepted."""
        name = Path(path).name
        if not self._is_landing_folder(Path(path).parent):
            return "Files are accepted in the agreed directory alone: nothing in another one would be delivered"
        if is_answer(name):
            return "This name is reserved for our answers"
        if is_litter(name):
            return f"{name} is a file that a system or an office program makes for itself, and would not be delivered"
        return f"A name can have at most {LONGEST_NAME} bytes" if len(name.encode()) > LONGEST_NAME else ""

    def _is_landing_folder(self, folder: Path) -> bool:
        """Whether files are deliveries there: at the top, and in the folders of connections."""
        if folder == Path(self.root) or not folder.is_relative_to(self.root):
            return folder == Path(self.root)
        signed_in = self.cmd_channel.signed_in
        below = file_key(folder.relative_to(self.root).as_posix())
        return signed_in is not None and below in map(file_key, signed_in.landing_folders)

    def why_full(self) -> tuple[str, str] | None:
        """Why nothing more fits: a cause of `flow.file_server.failed_attempts`, and the same in words."""
        if self.folders.used() > self.cmd_channel.quota or self.folders.entries() >= _MAX_ENTRIES:
            return "no-room", "The directory is full"
        if not has_room(self.folders.base, self.cmd_channel.free):
            return "disk-full", "The disk is full; try again later"
        return None
