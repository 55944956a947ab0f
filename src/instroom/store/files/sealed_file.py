"""Files that are kept sealed, in any store. One without the header of `sealed_stream` is of an older version, and is
read as it is."""

import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from instroom.core.memory_file import memory_file
from instroom.store.data_keys import DataKey
from instroom.store.files.disk import refuse_full_disk
from instroom.store.files.file_store import FileStore
from instroom.store.files.folder_store import FolderStore
from instroom.store.files.sealed_stream import (
    HEADER,
    SEGMENT,
    SealedReader,
    SealedWriter,
    key_id_in,
    plain_size,
)

_CHUNK = 1024 * 1024


class Content(NamedTuple):
    """Of a file, before it is encrypted."""

    bytes: int
    sha256: str


class SealedFile(NamedTuple):
    """A file in a store, whether it is there or not."""

    store: FileStore
    key: str

    def seal(self, source: BinaryIO, key: DataKey, free: int = 0) -> Content:
        """Write it: whole or not at all. Raises OSError, also where less than `free` bytes would be left on the disk
        that it is written on."""
        with self.store.writing(self.key) as stream:
            return _seal(source, stream, key, free)

    def opened(self, key: DataKey | None = None) -> BinaryIO:
        """Its content, to be read from any place: under a data key or plain, unless it must be under another `key`.
        Raises OSError and FileChanged."""
        stream = self.store.open(self.key)
        try:
            if key or key_id_in(stream.read(HEADER)) is not None:
                return io.BufferedReader(SealedReader(stream, str(stream.name), key), SEGMENT)
            stream.seek(0)
            return io.BufferedReader(stream)  # type: ignore[type-var]
        except BaseException:
            stream.close()
            raise

    def exists(self) -> bool:
        return self.store.find(self.key) is not None

    def delete(self) -> None:
        self.store.delete(self.key)

    def size(self) -> int:
        """How many bytes its content has, known without decrypting it. Raises OSError."""
        with self.store.open(self.key) as stream:
            is_plain = key_id_in(stream.read(HEADER)) is None
            stored = stream.seek(0, os.SEEK_END)
        return stored if is_plain else plain_size(stored)

    @contextmanager
    def in_memory(self) -> Iterator[Path]:
        """A copy of its content, for what reads paths: in memory alone. Raises OSError and FileChanged."""
        with memory_file() as copy:
            with self.opened() as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target, _CHUNK)
            yield copy

    def key_id(self) -> int | None:
        """The key under which it is sealed; None for one of an older version. Raises OSError."""
        with self.store.open(self.key) as stream:
            return key_id_in(stream.read(HEADER))

    def reseal(self, key: DataKey) -> None:
        """Seal it anew, plain or under another key. Raises OSError and FileChanged, and FileNotFoundError where
        somebody else deletes or replaces it in the meantime."""
        found = self.store.find(self.key)
        with self.opened() as source, self.store.writing(self.key, replaces=found) as stream:
            _seal(source, stream, key)


def at(path: Path) -> SealedFile:
    """The file at a path of this machine."""
    return SealedFile(FolderStore(Path("/")), path.absolute().as_posix().lstrip("/"))


def _seal(source: BinaryIO, stream: BinaryIO, key: DataKey, free: int = 0) -> Content:
    digest, writer = hashlib.sha256(), SealedWriter(stream, key)
    while chunk := source.read(_CHUNK):
        refuse_full_disk(stream.name, free, len(chunk))
        digest.update(chunk)
        writer.write(chunk)
    writer.finish()
    return Content(writer.size, digest.hexdigest())
