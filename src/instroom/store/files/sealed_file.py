"""Sealed files on disk. One without the header of `sealed_stream` is of an older version, and is read as it is."""

import hashlib
import io
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from instroom.core.memory_file import memory_file
from instroom.store.data_keys import DataKey
from instroom.store.files.disk import refuse_full_disk
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


def seal(source: BinaryIO, target: Path, key: DataKey, free: int = 0) -> Content:
    """Write a sealed file: whole or not at all, and it survives a power cut once its folder is synced.

    Raises OSError, also where less than `free` bytes would be left on the disk.
    """
    part = target.with_name(f"{target.name[:40]}.{secrets.token_hex(8)}.part")  # a name has 255 bytes at most
    digest = hashlib.sha256()
    try:
        with part.open("xb", buffering=0) as stream:
            writer = SealedWriter(stream, key)
            while chunk := source.read(_CHUNK):
                refuse_full_disk(target.parent, free, len(chunk))
                digest.update(chunk)
                writer.write(chunk)
            writer.finish()
            os.fsync(stream.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Content(writer.size, digest.hexdigest())


def opened(path: Path) -> BinaryIO:
    """The content of a file, to be read from any place. Raises OSError and FileChanged."""
    stream = path.open("rb", buffering=0)
    try:
        if key_id_in(stream.read(HEADER)) is not None:
            return io.BufferedReader(SealedReader(stream, str(path)), SEGMENT)
        stream.seek(0)
        return io.BufferedReader(stream)
    except BaseException:
        stream.close()
        raise


def size_of(path: Path) -> int:
    """How many bytes its content has, known without decrypting it. Raises OSError."""
    with path.open("rb", buffering=0) as stream:
        stored = os.fstat(stream.fileno()).st_size
        return stored if key_id_in(stream.read(HEADER)) is None else plain_size(stored)


@contextmanager
def in_memory(path: Path) -> Iterator[Path]:
    """A copy of its content, for what reads paths: in memory alone. Raises OSError and FileChanged."""
    with memory_file() as copy:
        with opened(path) as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target, _CHUNK)
        yield copy


def key_id_of(path: Path) -> int | None:
    """The key under which a file is sealed; None for one of an older version. Raises OSError."""
    with path.open("rb") as stream:
        return key_id_in(stream.read(HEADER))


def reseal(path: Path, key: DataKey) -> bool:
    """Seal a file anew, plain or under another key; its time stays. False where somebody else has deleted or replaced
    it in the meantime. Raises OSError and FileChanged."""
    draft = path.with_name(f"{path.name[:40]}.resealed.part")
    found = path.stat()
    with opened(path) as source:
        seal(source, draft, key)
    os.utime(draft, ns=(found.st_atime_ns, found.st_mtime_ns))
    if path.exists() and path.stat().st_ino == found.st_ino:
        draft.replace(path)
        return True
    draft.unlink()
    return False
