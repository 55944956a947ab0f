"""An upload in progress: a hidden file, encrypted, until it is committed or kept as interrupted."""

import errno
import os
import secrets
from pathlib import Path

from instroom.store.data_keys import DataKey
from instroom.store.files.disk import refuse_full_disk
from instroom.store.files.sealed_stream import FileChanged, SealedWriter
from instroom.store.files.uploads import AccountFolders


class PartialUpload:
    """The bytes received so far for `target`. Only one session writes to it."""

    def __init__(
        self,
        folders: AccountFolders,
        target: Path,
        key: DataKey,
        most: int,
        resumes: Path | None = None,
        free: int = 0,
    ) -> None:
        """At most `most` bytes, with `free` bytes left on the disk. `resumes` is an interrupted upload to continue.

        Raises OSError, and FileChanged where that was changed on the disk or has another key: then it is deleted.
        """
        self.folders, self.target, self.most, self._free = folders, target, most, free
        self.name = str(target)  # pyftpdlib asks an open file for its name
        self.path = folders.parts / secrets.token_hex(16)
        if resumes:
            resumes.replace(self.path)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        self._file = os.fdopen(descriptor, "r+b", buffering=0)
        try:
            self._writer = SealedWriter(self._file, key)
        except BaseException:
            self._file.close()
            self.path.unlink()
            raise
        self.kept = False
        """Whether it has ended: closing has nothing left to do."""

    @property
    def closed(self) -> bool:
        return self._file.closed

    @property
    def size(self) -> int:
        return self._writer.size

    def seek(self, position: int) -> int:
        """Continue from here. What came after is cut off."""
        self._writer.cut(position)
        return position

    def write(self, chunk: bytes) -> int:
        """Append bytes. Raises OSError, with EFBIG if the upload becomes too large, ENOSPC if the disk becomes full."""
        if self.size + len(chunk) > self.most:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        refuse_full_disk(self.folders.parts, self._free, len(chunk))
        self._writer.write(chunk)
        return len(chunk)

    def close(self) -> None:
        """An upload that is closed before it is committed was interrupted. It is kept, hidden, to be resumed.

        Its last byte is dropped. A program that found its whole file here would send nothing and assume it was
        delivered.
        """
        if self._file.closed:
            return
        rest = 0 if self.kept else max(self.size - 1, 0)
        if rest:
            try:
                self._writer.cut(rest)
                self._writer.pause()
            except (OSError, FileChanged):  # such as a full disk: nothing can be resumed
                rest = 0
        self._file.close()
        if rest:
            self.path.replace(self.folders.rest_of(self.target))
        elif not self.kept:
            self.path.unlink(missing_ok=True)

    def end(self) -> None:
        """The upload is complete and will be moved into place: closing must not keep it as interrupted.

        Raises OSError; then it is interrupted all the same.
        """
        self._writer.finish()
        self.kept = True
        self._file.close()
