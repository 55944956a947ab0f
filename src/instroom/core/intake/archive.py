"""A zip: a workbook, or something else that comes as a zip."""

import re
import struct
import zlib
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from instroom.core.findings import finding
from instroom.core.intake.content import Content, damaged, unknown, unsafe
from instroom.core.model import Limits
from instroom.core.xlsx.content_types import ContentTypes, find_main_part
from instroom.core.xlsx.errors import WorkbookError
from instroom.core.xlsx.macros import has_macros
from instroom.core.xlsx.package import Package

_DIRECTORY_BYTES: Final = 2 * 1024 * 1024
"""Of the list of parts; that of a workbook with a thousand sheets takes a tenth. zipfile makes objects of all of it."""
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

_WORKBOOK: Final = re.compile(
    r"spreadsheetml\.(?:sheet|template)\.main\+xml|vnd\.ms-excel\.(?:sheet|template|addin)\.macroenabled\.main\+xml"
)
_OTHER_OFFICE: Final = (
    ("vnd.ms-excel.sheet.binary", "xlsb"),
    ("wordprocessingml", "docx"),
    ("vnd.ms-word", "docx"),
    ("presentationml", "pptx"),
    ("vnd.ms-powerpoint", "pptx"),
)
"""In the type of a main part → what the file is."""


def look_into_archive(path: Path, head: bytes, limits: Limits) -> Content:
    """What a zip holds, by its list of parts; the parts themselves are read later, under limits of their own.

    Raises OSError where the file cannot be opened.
    """
    directory = _directory_bytes(path)
    if directory > _DIRECTORY_BYTES:
        return unsafe("bomb") if directory < path.stat().st_size else damaged("zip")
    try:
        with ZipFile(path) as archive:
            return _classify(path, archive, limits)
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


def _classify(path: Path, archive: ZipFile, limits: Limits) -> Content:
    parts = {part.filename.replace("\\", "/").lstrip("/").lower(): part for part in archive.infolist()}
    if any(part.flag_bits & 1 for part in parts.values()):
        if not any(name.startswith(("[content_types]", "_rels/", "xl/")) for name in parts):
            return Content(None, (finding("file-encrypted", facts={"kind": "zip"}),))
        return Content("xlsx", (finding("file-encrypted"),))
    try:
        with Package(path, limits) as package:
            return _look_into_package(archive, parts, package, limits)
    except WorkbookError as fault:
        if _names_a_workbook(archive, parts):
            return Content("xlsx", (finding(fault.code, facts=fault.facts),))
        return unknown(_other_kind(archive, parts))


def _look_into_package(archive: ZipFile, parts: dict[str, ZipInfo], package: Package, limits: Limits) -> Content:
    """By the type of the main part: others may be named that are not there."""
    types = ContentTypes(package, limits)
    main = find_main_part(package, limits)
    if main is None:
        is_workbook = _names_a_workbook(archive, parts)
    else:
        main_type = types.of(main)
        if other := _other_office(main_type):
            return unknown(other)
        is_workbook = main.startswith("xl/") or _WORKBOOK.search(main_type) is not None
    if not is_workbook:
        return unknown(_other_kind(archive, parts))
    return unsafe("macros") if has_macros(package, types, limits) else Content("xlsx")


def _names_a_workbook(archive: ZipFile, parts: dict[str, ZipInfo]) -> bool:
    """For a package without a main part, or one that cannot be read: whether it was a workbook."""
    return "xl/workbook.xml" in parts or _WORKBOOK.search(_listed_types(archive, parts)) is not None


def _listed_types(archive: ZipFile, parts: dict[str, ZipInfo]) -> str:
    listed = _start_of(archive, parts.get("[content_types].xml")).replace(b"\0", b"")  # also where it is UTF-16
    return listed.decode("ascii", "replace").lower()


def _start_of(archive: ZipFile, part: ZipInfo | None) -> bytes:
    if part is None:
        return b""
    with archive.open(part) as stream:
        return stream.read(_TYPES_BYTES)


def _other_kind(archive: ZipFile, parts: dict[str, ZipInfo]) -> str:
    mimetype = _start_of(archive, parts.get("mimetype"))
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    if b"opendocument" in mimetype:
        return "odt"
    if any(name.endswith(".iwa") for name in parts):
        return "numbers"
    return _other_office(_listed_types(archive, parts)) or "zip"


def _other_office(content_type: str) -> str | None:
    return next((kind for mark, kind in _OTHER_OFFICE if mark in content_type), None)
