"""A zip: a workbook, or something else that comes as a zip."""

import re
import struct
import zlib
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from instroom.core.findings import finding
from instroom.core.intake.content import Content, damaged, unknown, unsafe
from instroom.core.model import Limits

_DIRECTORY_BYTES: Final = 2 * 1024 * 1024
"""Of the list of parts; that of a workbook with a thousand sheets takes a tenth. zipfile makes objects of all of it."""
_SMALL_PART: Final = 1024 * 1024  # bytes unpacked; below this a part is no bomb whatever its ratio
_TYPES_BYTES: Final = 1024 * 1024
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_FAULTS: Final = (
    BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,  # a seek to where the list of parts says, before the beginning of the file
    ValueError,
    OverflowError,
    struct.error,
    zlib.error,
)
"""What zipfile raises on bytes that are no zip after all."""

_MACROS = re.compile(rb"vnd\.ms-excel\.(?:sheet|template|addin)\.macroEnabled|vnd\.ms-office\.vbaProject", re.I)
_BINARY = re.compile(rb"vnd\.ms-excel\.sheet\.binary", re.I)
_WORKBOOK = re.compile(rb"spreadsheetml\.(?:sheet|template)\.main\+xml", re.I)
_OTHER_OFFICE: Final = ((b"wordprocessingml", "docx"), (b"presentationml", "pptx"))


def look_into_archive(path: Path, head: bytes, limits: Limits) -> Content:
    """What a zip holds, by its list of parts; the parts themselves are read later, under limits of their own.

    Raises OSError where the file cannot be opened.
    """
    directory = _directory_bytes(path)
    if directory > _DIRECTORY_BYTES:
        return unsafe("bomb") if directory < path.stat().st_size else damaged("zip")
    try:
        with ZipFile(path) as archive:
            return _classify(archive, limits)
    except _FAULTS:
        looks_like_workbook = any(mark in head for mark in (b"[Content_Types].xml", b"_rels/", b"xl/"))
        return damaged("zip", "xlsx" if looks_like_workbook else None)


def _directory_bytes(path: Path) -> int:
    """The size that the end record gives for the list of parts, in the places where zipfile looks for it."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 65_535 - _END.size - 20 - _END_64.size))
        tail = stream.read()
    found = 0
    position = tail.rfind(b"PK\x05\x06")
    while position >= 0:
        if position + _END.size <= len(tail):
            found = max(found, _END.unpack_from(tail, position)[5])
        position = tail.rfind(b"PK\x05\x06", 0, position)
    position = tail.rfind(b"PK\x06\x06")
    while position >= 0:
        if position + _END_64.size <= len(tail):
            found = max(found, _END_64.unpack_from(tail, position)[8])
        position = tail.rfind(b"PK\x06\x06", 0, position)
    return found


def _classify(archive: ZipFile, limits: Limits) -> Content:
    parts = {part.filename.replace("\\", "/").lstrip("/").lower(): part for part in archive.infolist()}
    if any(part.flag_bits & 1 for part in parts.values()):
        return Content("xlsx", (finding("file-encrypted"),))
    types = _start_of(archive, parts.get("[content_types].xml")).replace(b"\0", b"")  # also where it is UTF-16
    if _BINARY.search(types) or not (_WORKBOOK.search(types) or _MACROS.search(types) or "xl/workbook.xml" in parts):
        return unknown(_other_kind(archive, parts, types))
    if _MACROS.search(types) or any("vbaproject" in name or "/macrosheets/" in name for name in parts):
        return unsafe("macros")
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts.values()):
        return damaged("compression")  # the standard (ISO/IEC 29500-2) knows no other
    return unsafe("bomb") if _is_bomb(archive.infolist(), limits) else Content("xlsx")


def _is_bomb(parts: list[ZipInfo], limits: Limits) -> bool:
    """By the sizes that the list of parts gives: zipfile never reads beyond them."""
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        return True
    return any(
        part.file_size > _SMALL_PART and part.file_size > limits.part_ratio * max(part.compress_size, 1)
        for part in parts
    )


def _start_of(archive: ZipFile, part: ZipInfo | None) -> bytes:
    if part is None:
        return b""
    with archive.open(part) as stream:
        return stream.read(_TYPES_BYTES)


def _other_kind(archive: ZipFile, parts: dict[str, ZipInfo], types: bytes) -> str:
    if _BINARY.search(types):
        return "xlsb"
    mimetype = _start_of(archive, parts.get("mimetype"))
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    if b"opendocument" in mimetype:
        return "odt"
    if any(name.endswith(".iwa") for name in parts):
        return "numbers"
    return next((kind for mark, kind in _OTHER_OFFICE if mark in types), "zip")
