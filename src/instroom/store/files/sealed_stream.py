"""The format in which files are kept: encrypted in segments, readable from any place, and gone on with after a break.

    header      magic and version (8 bytes), id of the data key (8), random id of the file (16)
    segments    each: nonce (12, random), up to 64 KiB encrypted by AES-GCM, tag (16)

A segment authenticates the header, its number and whether it is the last one too. So no segment can be changed, moved,
left out or taken from another file, and a file without its last segment is never taken for whole: that is a part, of an
upload that is under way or has broken off.
"""

import io
import os
from typing import Any, BinaryIO, Final, NamedTuple

from cryptography.exceptions import InvalidTag

from instroom.core.errors import InstroomError
from instroom.store import data_keys
from instroom.store.data_keys import NONCE, DataKey
from instroom.store.sealing import SealBroken

MAGIC: Final = b"\x00INSTR\x00\x01"
SEGMENT: Final = 64 * 1024
"""Bytes of a segment, before it is encrypted."""
HEADER: Final = len(MAGIC) + 8 + 16
_TAG: Final = 16
_STORED: Final = NONCE + SEGMENT + _TAG


class FileChanged(InstroomError):
    """A kept file is not what was kept: its bytes were changed or lost."""


class KeyGone(FileChanged):
    """Nobody can read it any more, as where it is of another database than the one that is set."""


def key_id_in(begin: bytes) -> int | None:
    """The key of a file that begins so; None for a plain one."""
    return int.from_bytes(begin[len(MAGIC) : len(MAGIC) + 8]) if begin.startswith(MAGIC) else None


def plain_size(stored: int) -> int:
    """How many bytes there were before they were encrypted."""
    full, rest = divmod(max(stored - HEADER, 0), _STORED)
    return full * SEGMENT + max(rest - NONCE - _TAG, 0)


class FileUnreadable(FileChanged):
    """Its disk gives it back no more, while the store gives and takes other files."""


class _Segments(NamedTuple):
    """The segments of a stream, by number."""

    stream: BinaryIO
    key: DataKey
    header: bytes

    @classmethod
    def found(cls, stream: BinaryIO, key: DataKey | None = None) -> "_Segments":
        """Those of a stream that has a header, under this key if one is given. Raises FileChanged."""
        stream.seek(0)
        header = _read(stream, HEADER)
        key_id = key_id_in(header)
        if len(header) < HEADER or key_id is None or (key and key.id != key_id):
            raise FileChanged("file-changed")
        try:
            return cls(stream, key or data_keys.by_id(key_id), header)
        except SealBroken as error:
            raise KeyGone("file-changed") from error

    def read(self, number: int, *, is_last: bool) -> bytes:
        """Raises FileChanged."""
        self.stream.seek(HEADER + number * _STORED)
        stored = _read(self.stream, _STORED)
        try:
            return self.key.cipher.decrypt(stored[:NONCE], stored[NONCE:], self._about(number, is_last))
        except (InvalidTag, ValueError) as error:
            raise FileChanged("file-changed") from error

    def write(self, number: int, plain: bytes | bytearray | memoryview, *, is_last: bool) -> None:
        """Raises OSError."""
        nonce = os.urandom(NONCE)
        self.stream.seek(HEADER + number * _STORED)
        write_all(self.stream, nonce + self.key.cipher.encrypt(nonce, plain, self._about(number, is_last)))

    def _about(self, number: int, is_last: bool) -> bytes:
        return self.header + number.to_bytes(8) + bytes([is_last])


class SealedWriter:
    """Encrypts what is written. It is a part until `finish`.

    Its last segment stays in memory until `finish` or `pause`.
    """

    def __init__(self, stream: BinaryIO, key: DataKey) -> None:
        """`stream` is empty, or holds a part under this key that is gone on with at its end: then it is read too.

        Raises OSError and FileChanged.
        """
        self._full, self._tail = 0, bytearray()
        if stored := stream.seek(0, os.SEEK_END):
            self._segments = _Segments.found(stream, key)
            self._take_back(plain_size(stored))
        else:
            self._segments = _Segments(stream, key, MAGIC + key.id_bytes + os.urandom(16))
            write_all(stream, self._segments.header)

    @property
    def size(self) -> int:
        """How many bytes have been written, before they are encrypted."""
        return self._full * SEGMENT + len(self._tail)

    def write(self, chunk: bytes) -> None:
        """Raises OSError."""
        self._tail += chunk
        done = 0
        try:
            with memoryview(self._tail) as tail:
                while len(tail) - done > SEGMENT:  # a full one may be the last
                    self._segments.write(self._full, tail[done : done + SEGMENT], is_last=False)
                    self._full, done = self._full + 1, done + SEGMENT
        finally:
            del self._tail[:done]

    def cut(self, size: int) -> None:
        """Go on after so many bytes. Raises OSError and FileChanged."""
        if size > self.size:
            raise ValueError(size)
        if size > self._full * SEGMENT:
            del self._tail[size - self._full * SEGMENT :]
        else:
            self._take_back(size)

    def pause(self) -> None:
        """Write what is in memory; `SealedWriter` can go on with it later. Raises OSError."""
        self._end(is_last=False)

    def finish(self) -> None:
        """Declare the file whole. Raises OSError."""
        self._end(is_last=True)

    def _take_back(self, size: int) -> None:
        """Read the last segment of so many bytes: it will be written anew."""
        self._full = max(size - 1, 0) // SEGMENT
        last = self._segments.read(self._full, is_last=False) if size else b""
        self._tail[:] = last[: size - self._full * SEGMENT]

    def _end(self, *, is_last: bool) -> None:
        self.write(b"")  # what could not be written before
        self._segments.write(self._full, self._tail, is_last=is_last)
        self._segments.stream.truncate()


class SealedReader(io.RawIOBase):
    """Decrypts a whole file, from any place."""

    def __init__(self, stream: BinaryIO, name: str = "", key: DataKey | None = None) -> None:
        """Under a data key, unless another `key` is given. Raises FileChanged; where a segment before the last one was
        changed, reading that does."""
        self._segments, self.name = _Segments.found(stream, key), name
        self._size = plain_size(stream.seek(0, os.SEEK_END))
        self._at = 0
        self._last = max(self._size - 1, 0) // SEGMENT
        self._number, self._plain = self._last, self._segments.read(self._last, is_last=True)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max({os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence] + offset, 0)
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, SEGMENT)
        if number != self._number:
            self._number, self._plain = number, self._segments.read(number, is_last=number == self._last)
        piece = self._plain[within : within + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._segments.stream.close()
        super().close()


def write_all(stream: BinaryIO, content: bytes) -> None:
    """An unbuffered stream may take less at once."""
    rest = memoryview(content)
    while rest:
        rest = rest[stream.write(rest) :]


def _read(stream: BinaryIO, size: int) -> bytes:
    """As many bytes as there are up to `size`: an unbuffered stream may give less at once."""
    found = b""
    while len(found) < size and (piece := stream.read(size - len(found))):
        found += piece
    return found
