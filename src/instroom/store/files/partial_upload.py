"""An upload in progress: a hidden file, until it is committed or kept as interrupted."""

import errno
import os
import secrets
from pathlib import Path

from instroom.store.files.disk import refuse_full_disk
from instroom.store.files.uploads import AccountFolders


class PartialUpload:
    """The bytes received so far for `target`. Only one session writes to it."""

    def __init__(
        self, folders: AccountFolders, target: Path, most: int, resumes: Path | None = None, free: int = 0
    ) -> None:
        """At most `most` bytes, with `free` bytes left on the disk. `resumes` is an interrupted upload to continue.

        Raises OSError.
        """
        self.folders, self.target, self.most, self._free = folders, target, most, free
        self.name = str(target)  # pyftpdlib asks an open file for its name
        self.path = folders.parts / secrets.token_hex(16)
        if resumes:
            resumes.replace(self.path)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        self._file = os.fdopen(descriptor, "r+b", buffering=0)
        self._size = self._file.seek(0, os.SEEK_END)
        self.kept = False
        """Whether it has ended: closing has nothing left to do."""

    @property
    def closed(self) -> bool:
        return self._file.closed

    @property
    def size(self) -> int:
        return self._size

    def seek(self, position: int) -> int:
        """Continue from here. What came after is cut off."""
        self._file.truncate(position)
        self._size = self._file.seek(position)
        return position

    def write(self, chunk: bytes) -> int:
        """Append bytes. Raises OSError, with EFBIG if the upload becomes too large, ENOSPC if the disk becomes full."""
        if self._size + len(chunk) > self.most:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        refuse_full_disk(self.folders.parts, self._free, len(chunk))
        rest = memoryview(chunk)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._size += len(chunk)
        return len(chunk)

    def close(self) -> None:
        """An upload that is closed before it is committed was interrupted. It is kept, hidden, to be resumed.

        Its last byte is dropped. A program that found its whole file here would send nothing and assume it was
        delivered.
        """
        if self._file.closed:
            return
        rest = 0 if self.kept else max(self._size - 1, 0)
        if rest:
            self._file.truncate(rest)
        self._file.close()
        if rest:
            self.path.replace(self.folders.rest_of(self.target))
        elif not self.kept:
            self.path.unlink(missing_ok=True)

    def end(self) -> None:
        """The upload is complete and will be moved into place: closing must not keep it as interrupted."""
        self.kept = True
        self._file.close()
