"""The reports of a delivery, made once and kept encrypted beside its file: `<key of the file>.<name of the report>`.

A note beside it, `<name>.json`, says how large it is and what it could not hold. It is written last: without it, or
beside a report of another size, there is none. So what a kill or a power cut leaves is never taken for a report.
"""

import json
import os
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import UUID

from instroom.store import data_keys
from instroom.store.files.delivered_files import kept
from instroom.store.files.sealed_file import SealedFile
from instroom.store.files.sealed_stream import FileChanged, write_all
from instroom.store.files.site_store import site_store


class KeptReport(NamedTuple):
    file: SealedFile | None
    """None: there is nothing to report."""
    not_held: list[int]
    """The rows that its format cannot hold as they were delivered."""

    def opened(self) -> BinaryIO | None:
        """Its content. Raises OSError and FileChanged."""
        return self.file.opened() if self.file else None


def find(file: SealedFile) -> KeptReport | None:
    """The report that is kept here; None where it has not been made, or was cut off, or has lost its key."""
    try:
        with file.store.open(_note_of(file)) as note:
            noted = json.loads(note.read())
        if noted["bytes"] is None:
            return KeptReport(None, noted["not_held"])
        with file.opened() as content:
            is_whole = content.seek(0, os.SEEK_END) == noted["bytes"]
        return KeptReport(file, noted["not_held"]) if is_whole else None
    except (FileNotFoundError, json.JSONDecodeError, FileChanged):
        return None


def seal(draft: Path, file: SealedFile, customer_id: UUID) -> int | None:
    """Keep a report that has been written, if it has. Gives how many bytes it has. Raises OSError."""
    if not draft.exists():
        return None
    with draft.open("rb") as source:
        return file.seal(source, data_keys.current(customer_id)).bytes


def note(file: SealedFile, size: int | None, not_held: list[int]) -> KeptReport:
    """Declare the report made, whether there is a file or not. Raises OSError."""
    with file.store.writing(_note_of(file)) as stream:
        write_all(stream, json.dumps({"bytes": size, "not_held": not_held}).encode())
    return KeptReport(None if size is None else file, not_held)


def delete(file_key: str, pattern: str) -> None:
    """Delete the reports whose names match."""
    for one in _reports(file_key, pattern):
        one.delete()


def delete_drafts(file_key: str) -> None:
    """Delete what killed processes left of reports. None may be under way for its customer."""
    site_store().delete_drafts(f"{file_key}.")


def bytes_of(file_key: str) -> int:
    """How many bytes the reports have."""
    return sum(one.size() for one in _reports(file_key, "*") if not one.key.endswith(".json"))


def _reports(file_key: str, pattern: str) -> list[SealedFile]:
    found = site_store().list(f"{file_key}.")
    return [kept(one.key) for one in found if fnmatchcase(one.key, f"{file_key}.{pattern}")]


def _note_of(file: SealedFile) -> str:
    return f"{file.key}.json"
