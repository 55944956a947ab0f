"""A compound file (MS-CFB): Office before 2007, and the wrapping of an encrypted workbook."""

import re
from pathlib import Path
from typing import Final

from instroom.core.findings import finding
from instroom.core.intake.content import Content, unknown

_CHUNK_BYTES: Final = 1024 * 1024  # a multiple of the 128 bytes of a directory entry


def _entry(name: str) -> bytes:
    """How a directory entry begins: the name in 64 bytes of UTF-16, and the length of it with its closing zero."""
    raw = name.encode("utf-16-le")
    return raw.ljust(64, b"\0") + (len(raw) + 2).to_bytes(2, "little")


_STREAMS: Final = {
    _entry("EncryptedPackage"): "encrypted",
    _entry("Workbook"): "excel",
    _entry("Book"): "excel",
    _entry("WordDocument"): "doc",
    _entry("PowerPoint Document"): "ppt",
    _entry("Root Entry"): "directory",
}
_ANY_STREAM = re.compile(b"|".join(re.escape(entry) for entry in _STREAMS))
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def look_into_compound(path: Path) -> Content:
    """What a compound file holds, by the names in its directory, wherever in the file that stands.

    Where there is no directory to read, it is taken for what people deliver: an old workbook, or one with a password
    where the file speaks of that.
    """
    found = _streams(path) or {"encrypted" if _speaks_of_encryption(path) else "excel"}
    if "encrypted" in found:
        return Content("xlsx", (finding("file-encrypted"),))
    if "excel" in found:
        return Content(None, (finding("file-legacy-excel"),))
    return unknown(next((kind for kind in ("doc", "ppt") if kind in found), "binary"))


def _streams(path: Path) -> set[str]:
    found = set()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            for match in _ANY_STREAM.finditer(chunk):
                if match.start() % 128 == 0:  # else it is text in a cell
                    found.add(_STREAMS[match.group()])
    return found


def _speaks_of_encryption(path: Path) -> bool:
    with path.open("rb") as stream:
        tail = b""
        while chunk := stream.read(_CHUNK_BYTES):
            if _ENCRYPTED in tail + chunk:
                return True
            tail = chunk[-len(_ENCRYPTED) :]
    return False
