"""The reports of a delivery, made once and kept beside its file: `<key of the file>.<name of the report>`.

A note beside it, `<name>.json`, says how large it is and what it could not hold. It is written last: without it, or
beside a report of another size, there is none. So what a kill or a power cut leaves is never taken for a report.
"""

import json
import shutil
from pathlib import Path
from typing import NamedTuple

from instroom.store.files import delivered_files
from instroom.store.files.uploads import sync_file, write_note


class KeptReport(NamedTuple):
    path: Path | None
    """None: there is nothing to report."""
    not_held: list[int]
    """The rows that its format cannot hold as they were delivered."""


def path_of(file_key: str, name: str) -> Path:
    return delivered_files.path_of(f"{file_key}.{name}")


def find(path: Path) -> KeptReport | None:
    """The report that is kept here; None where it has not been made."""
    try:
        noted = json.loads(_note_of(path).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return _kept(path, noted["not_held"]) if noted["bytes"] == _size_of(path) else None


def note(path: Path, not_held: list[int]) -> KeptReport:
    """Declare the report made, whether there is a file or not. Raises OSError."""
    if path.exists():
        sync_file(path)
    write_note(_note_of(path), {"bytes": _size_of(path), "not_held": not_held})
    return _kept(path, not_held)


def delete(file_key: str, pattern: str) -> None:
    """Delete the reports whose names match."""
    for path in _files(file_key, pattern):
        path.unlink(missing_ok=True)


def delete_drafts(path: Path) -> None:
    """Delete what killed processes left beside this report. No other may be under way for its customer."""
    for draft in path.parent.glob(".instroom-*"):
        shutil.rmtree(draft, ignore_errors=True)


def bytes_of(file_key: str) -> int:
    """How many bytes the reports take."""
    return sum(path.stat().st_size for path in _files(file_key, "*") if path.suffix != ".json")


def _files(file_key: str, pattern: str) -> list[Path]:
    target = delivered_files.path_of(file_key)
    return list(target.parent.glob(f"{target.name}.{pattern}"))


def _kept(path: Path, not_held: list[int]) -> KeptReport:
    return KeptReport(path if path.exists() else None, not_held)


def _size_of(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")
