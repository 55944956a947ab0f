"""Where the text of a file ends: the mark of an older system, and bytes that were never written."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

_BLOCK_BYTES: Final = 64 * 1024
_END_MARK: Final = b"\x1a"  # Ctrl-Z, of DOS, CP/M and AS/400
_FIRST: Final = re.compile(rb"[\x1a\0]")
_PADDING: Final = b"\x1a\0 \t\r\n"


class TextEnd(NamedTuple):
    """What stands behind the last text."""

    position: int
    """Where the text ends, in bytes."""
    marked: bool
    """An end mark says that the file is whole."""
    zero_bytes: int
    """Behind the text without an end mark. One ends a text of some programs. More were reserved and never written: the
    writing or sending was broken off."""


def end_of_text(path: Path) -> TextEnd:
    """Looks at the end only. For encodings in which a zero byte is no part of a character."""
    with path.open("rb") as stream:
        size = stream.seek(0, io.SEEK_END)
        start = _padding_from(stream, size)
        first, mark, behind = size, b"", Counter[int]()
        stream.seek(max(start - 1, 0))
        before = stream.read(min(start, 1))
        for at, block in _blocks(stream, start):
            if not mark and (found := _FIRST.search(block)):
                first, mark = at + found.start(), found.group()
                before, block = (before + block[: found.start()])[-1:], block[found.start() :]
            behind.update(block if mark else b"")
            before = before if mark else block[-1:]
    in_a_value = before not in (b"", b"\r", b"\n") and (behind[10] or behind[13])
    if in_a_value or not mark:
        return TextEnd(size, False, 0)
    return TextEnd(first, True, 0) if mark == _END_MARK else TextEnd(first, False, behind[0])


def _blocks(stream: BinaryIO, at: int) -> Iterator[tuple[int, bytes]]:
    while block := stream.read(_BLOCK_BYTES):
        yield at, block
        at += len(block)


def _padding_from(stream: BinaryIO, size: int) -> int:
    """Where the last run of nothing but padding and white space begins."""
    end = size
    while end:
        start = max(0, end - _BLOCK_BYTES)
        stream.seek(start)
        if text := stream.read(end - start).rstrip(_PADDING):
            return start + len(text)
        end = start
    return 0


class TextBytes(io.RawIOBase):
    """The bytes of a file up to a position."""

    def __init__(self, path: Path, end: int) -> None:
        self._stream = path.open("rb", buffering=0)
        self._left = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        read = self._stream.readinto(memoryview(buffer)[: self._left]) or 0
        self._left -= read
        return read

    def close(self) -> None:
        self._stream.close()
        super().close()
