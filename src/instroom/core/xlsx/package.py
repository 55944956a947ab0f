"""The zip that a workbook is. Nothing in its directory is believed: sizes are limits, and are checked while reading."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

from instroom.core.xlsx.errors import WorkbookError, damaged, unsafe
from instroom.core.xlsx.limits import Limits

_CHUNK = 64 * 1024
_DIRECTORY_BYTES = 1024 * 1024  # a workbook of 1,000 sheets has 100 kB
_SMALL_PART = 1024 * 1024  # below this a high ratio says nothing
_ENCRYPTED = 0x1
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, OSError)
"""What zipfile raises on a damaged zip; RuntimeError is its "password required"."""


class _Bounded:
    """The file, without the one large read that zipfile does: that of the directory, at the size that the file says."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, file.close

    def read(self, size: int = -1) -> bytes:
        if size > _DIRECTORY_BYTES:
            raise unsafe("bomb")
        return self._file.read(size)


class Package:
    """The parts of a workbook by name. Part names ignore letter case (ECMA-376 part 2, 6.2.2.3)."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Open the zip. Raises WorkbookError where it is damaged, unsafe or encrypted."""
        self._file = path.open("rb")
        try:
            # Only read, seek and tell are used in mode "r".
            self._zip = zipfile.ZipFile(_Bounded(self._file))
            self._parts = _directory(self._zip.infolist(), limits)
        except BaseException as error:
            self._file.close()
            if isinstance(error, (*_FAULTS, ValueError)):
                raise damaged("zip") from error
            raise

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    @property
    def names(self) -> list[str]:
        """The part names in lower case."""
        return list(self._parts)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a part. Raises WorkbookError where it is absent, damaged or encrypted."""
        info = self._parts.get(name.lower())
        if info is None:
            raise damaged("part-missing", part=name)
        try:
            with self._zip.open(info) as part:
                while data := part.read(_CHUNK):
                    yield data
        except _FAULTS as error:
            raise damaged("unpack", part=name) from error


def _directory(entries: list[zipfile.ZipInfo], limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """The parts by lower-case name, once all of them together stay within the limits."""
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise unsafe("bomb")
    parts: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        _accept(entry, limits)
        name = entry.filename.replace("\\", "/").lstrip("/").lower()
        if name in parts:
            raise damaged("part-twice", part=name)  # which of the two is read differs between programs
        parts[name] = entry
    return parts


def _accept(entry: zipfile.ZipInfo, limits: Limits) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise WorkbookError("file-encrypted", "password")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged("compression", part=entry.filename)
    if entry.file_size > max(_SMALL_PART, entry.compress_size * limits.part_ratio):
        raise unsafe("bomb")
