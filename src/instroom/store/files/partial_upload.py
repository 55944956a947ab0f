"""One upload on its way: a file of its own that nobody sees, until it is committed or kept as broken off."""

import errno
import os
import secrets
from pathlib import Path

from instroom.store.files.uploads import Shelf


class Part:
    """What is being received for `target`. Written by one session alone."""

    def __init__(self, shelf: Shelf, target: Path, most: int, goes_on: Path | None = None) -> None:
        """At most `most` bytes; `goes_on` is an upload that broke off, and is taken over. Raises OSError."""
        self.shelf, self.target, self.most = shelf, target, most
        self.name = str(target)  # as pyftpdlib speaks of an open file
        self.path = shelf.parts / secrets.token_hex(16)
        if goes_on:
            goes_on.replace(self.path)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        self._file = os.fdopen(descriptor, "r+b", buffering=0)
        self._size = self._file.seek(0, os.SEEK_END)
        self.kept = False
        """It is in its place, or given up: closing has nothing left to do."""

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return self._file.closed

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self._size

    def seek(self, position: int) -> int:
        """Go on from here; what came after it is forgotten."""
        self._file.truncate(position)
        self._size = self._file.seek(position)
        return position

    def write(self, chunk: bytes) -> int:
        """Add bytes. Raises OSError; with EFBIG where it becomes larger than it may."""
        if self._size + len(chunk) > self.most:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        rest = memoryview(chunk)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._size += len(chunk)
        return len(chunk)

    def close(self) -> None:
        """Closed before it was committed, it broke off: kept for who resumes it, and seen by nobody.

        Its last byte is not kept: a program that finds all of its file here would send nothing, and take it for
        delivered.
        """
        if self._file.closed:
            return
        rest = 0 if self.kept else max(self._size - 1, 0)
        if rest:
            self._file.truncate(rest)
        self._file.close()
        if rest:
            self.path.replace(self.shelf.rest_of(self.target))
        elif not self.kept:
            self.path.unlink(missing_ok=True)

    def end(self) -> None:
        """It is whole, and goes to its place now: no longer something that broke off."""
        self.kept = True
        self._file.close()
