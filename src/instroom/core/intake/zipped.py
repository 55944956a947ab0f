"""A zip with one file in it: that file is what was delivered (product.md A1).

A workbook is a zip itself, and never comes here. Nothing is unpacked beyond the size that a file may have.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from instroom.core.findings import finding
from instroom.core.intake.examine import examine
from instroom.core.litter import is_litter
from instroom.core.memory_file import memory_file
from instroom.core.model import FileFacts, Finding, Limits

_CHUNK_BYTES: Final = 1024 * 1024
_FAULTS: Final = (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, struct.error, zlib.error)
"""What zipfile raises on damaged content, and on ways of packing that it does not know."""


class Unpacked(NamedTuple):
    """What is to be read, and what is said about it."""

    path: Path
    facts: FileFacts
    """Name, size and checksum are those of the zip: that is what was delivered."""
    findings: list[Finding]


@contextmanager
def unpacked(path: Path, facts: FileFacts, limits: Limits) -> Iterator[Unpacked]:
    """The one file in a zip, for as long as it is read; without any or with several of them a finding says so.

    Raises OSError where there is no room for it.
    """
    with memory_file() as copy:
        yield _unpack(path, facts, limits, copy)


def _unpack(path: Path, facts: FileFacts, limits: Limits, copy: Path) -> Unpacked:
    try:
        with ZipFile(path) as archive:
            files = [member for member in archive.infolist() if _is_file(member)]
            if len(files) != 1:
                return _refuse(path, facts, "several" if files else "none", count=len(files))
            size = _copy_member(archive, files[0], copy, limits.file_bytes)
    except _FAULTS:
        return Unpacked(path, facts, [finding("file-damaged", facts={"problem": "zip"})])
    if size > limits.file_bytes:
        return Unpacked(path, facts, [finding("file-too-large", facts={"bytes": size, "limit": limits.file_bytes})])
    name = _path_parts(files[0])[-1]
    inner, faults = examine(copy, name, limits)
    if any(fault.facts.get("looks_like") == "zip" for fault in faults):
        return _refuse(path, facts, "nested")
    notice = [finding("file-unpacked", facts={"name": name})] if inner.format else []
    return Unpacked(copy, facts._replace(format=inner.format), [*notice, *faults])


def _refuse(path: Path, facts: FileFacts, problem: str, **more: int) -> Unpacked:
    return Unpacked(path, facts, [finding("file-zip", facts={"problem": problem, **more})])


def _copy_member(archive: ZipFile, member: ZipInfo, copy: Path, most: int) -> int:
    """Unpack to `copy`. Gives the size; of a larger one than `most` no more is unpacked than shows that."""
    if member.file_size > most:
        return member.file_size
    size = 0
    with archive.open(member) as source, copy.open("wb") as target:
        while size <= most and (chunk := source.read(min(_CHUNK_BYTES, most + 1 - size))):
            size += len(chunk)
            target.write(chunk)
    return size


def _is_file(member: ZipInfo) -> bool:
    """Whether a person put it there: no folder, and nothing that a system adds."""
    return not member.is_dir() and not any(map(is_litter, _path_parts(member)))


def _path_parts(member: ZipInfo) -> list[str]:
    return member.filename.replace("\\", "/").split("/")
