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
_FAULTS = (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OverflowError, struct.error, zlib.error)
"""What zipfile raises on bytes that are no zip after all."""

_MACROS = re.compile(rb"vnd\.ms-excel\.(?:sheet|template|addin)\.macroEnabled|vnd\.ms-office\.vbaProject", re.I)
_BINARY = re.compile(rb"vnd\.ms-excel\.sheet\.binary", re.I)
_WORKBOOK = re.compile(rb"spreadsheetml\.(?:sheet|template)\.main\+xml", re.I)
_OTHER_OFFICE: Final = ((b"wordprocessingml", "docx"), (b"presentationml", "pptx"))


def look_into_archive(path: Path, head: bytes, limits: Limits) -> Content:
    """What a zip holds, by its list of parts; the parts themselves are read later, under limits of their own."""
    try:
        if _directory_bytes(path) > _DIRECTORY_BYTES:
            return unsafe("bomb")
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
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        return Content("xlsx", (finding("file-encrypted"),))
    types = _content_types(archive)
    if not _is_workbook(archive, types):
        return unknown(_other_kind(archive, types))
    names = [part.filename.lower() for part in parts]
    if _MACROS.search(types) or any("vbaproject" in name or "/macrosheets/" in name for name in names):
        return unsafe("macros")
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        return damaged("compression")  # the standard (ISO/IEC 29500-2) knows no other
    return unsafe("bomb") if _is_bomb(parts, limits) else Content("xlsx")


def _is_bomb(parts: list[ZipInfo], limits: Limits) -> bool:
    """By the sizes that the list of parts gives: zipfile never reads beyond them."""
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        return True
    return any(
        part.file_size > _SMALL_PART and part.file_size > limits.part_ratio * max(part.compress_size, 1)
        for part in parts
    )


def _is_workbook(archive: ZipFile, types: bytes) -> bool:
    if _BINARY.search(types):
        return False
    return bool(_WORKBOOK.search(types) or _MACROS.search(types)) or "xl/workbook.xml" in archive.NameToInfo


def _content_types(archive: ZipFile) -> bytes:
    """The list of content types, such that ASCII patterns can be found in it, in UTF-16 too."""
    return _start_of(archive, "[Content_Types].xml").replace(b"\0", b"")


def _start_of(archive: ZipFile, name: str) -> bytes:
    if name not in archive.NameToInfo:
        return b""
    with archive.open(name) as stream:
        return stream.read(_TYPES_BYTES)


def _other_kind(archive: ZipFile, types: bytes) -> str:
    if _BINARY.search(types):
        return "xlsb"
    mimetype = _start_of(archive, "mimetype")
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    if b"opendocument" in mimetype:
        return "odt"
    if any(name.endswith(".iwa") for name in archive.NameToInfo):
        return "numbers"
    return next((kind for mark, kind in _OTHER_OFFICE if mark in types), "zip")
