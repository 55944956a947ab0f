"""The reports of a delivery, made once and kept encrypted beside its file: `<key of the file>.<name of the report>`.

A note beside it, `<name>.json`, says how large it is and what it could not hold. It is written last: without it, or
beside a report of another size, there is none. So what a kill or a power cut leaves is never taken for a report.
"""

import json
import shutil
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import UUID

from instroom.store import data_keys
from instroom.store.files import delivered_files, sealed_file
from instroom.store.files.sealed_stream import FileChanged
from instroom.store.files.uploads import write_note


class KeptReport(NamedTuple):
    path: Path | None
    """Where it is kept, encrypted; None: there is nothing to report."""
    not_held: list[int]
    """The rows that its format cannot hold as they were delivered."""

    def opened(self) -> BinaryIO | None:
        """Its content. Raises OSError and FileChanged."""
        return sealed_file.opened(self.path) if self.path else None


def path_of(file_key: str, name: str) -> Path:
    return delivered_files.path_of(f"{file_key}.{name}")


def find(path: Path) -> KeptReport | None:
    """The report that is kept here; None where it has not been made, or was cut off, or has lost its key."""
    try:
        noted = json.loads(_note_of(path).read_text(encoding="utf-8"))
        if noted["bytes"] is not None:
            sealed_file.opened(path).close()
    except (FileNotFoundError, json.JSONDecodeError, FileChanged):
        return None
    return _kept(path, noted["not_held"]) if noted["bytes"] == _size_of(path) else None


def seal(draft: Path, path: Path, customer_id: UUID) -> None:
    """Keep a report that has been written, if it has. Raises OSError."""
    if draft.exists():
        with draft.open("rb") as source:
            sealed_file.seal(source, path, data_keys.current(customer_id))


def note(path: Path, not_held: list[int]) -> KeptReport:
    """Declare the report made, whether there is a file or not. Raises OSError."""
    write_note(_note_of(path), {"bytes": _size_of(path), "not_held": not_held})
    return _kept(path, not_held)


def delete(file_key: str, pattern: str) -> None:
    """Delete the reports whose names match."""
    for path in _files(file_key, pattern):
        path.unlink(missing_ok=True)


def delete_drafts(path: Path) -> None:
    """Delete what killed processes left beside this report. No other may be under way for its customer."""
    for draft in path.parent.glob(f"{path.name.partition('.')[0]}.*.part"):
        draft.unlink(missing_ok=True)
    for folder in path.parent.glob(".instroom-*"):  # of an older version
        shutil.rmtree(folder, ignore_errors=True)


def bytes_of(file_key: str) -> int:
    """How many bytes the reports have."""
    return sum(sealed_file.size_of(path) for path in _files(file_key, "*") if path.suffix not in (".json", ".part"))


def _files(file_key: str, pattern: str) -> list[Path]:
    target = delivered_files.path_of(file_key)
    return list(target.parent.glob(f"{target.name}.{pattern}"))


def _kept(path: Path, not_held: list[int]) -> KeptReport:
    return KeptReport(path if path.exists() else None, not_held)


def _size_of(path: Path) -> int | None:
    try:
        return sealed_file.size_of(path)
    except FileNotFoundError:
        return None


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")
