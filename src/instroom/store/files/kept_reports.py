"""The reports of a delivery, made once and kept beside its file: `<key of the file>.<name of the report>`.

A note beside it, `<name>.json`, says what it could not hold. It is written last: without it there is no report.
"""

import json
from pathlib import Path
from typing import NamedTuple

from instroom.core.write.atomic import atomic_write
from instroom.store.files import delivered_files


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
        not_held = json.loads(_note_of(path).read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    return KeptReport(path if path.exists() else None, not_held)


def note(path: Path, not_held: list[int]) -> KeptReport:
    """Declare the report made, whether there is a file or not."""
    with atomic_write(_note_of(path)) as draft:
        draft.write_text(json.dumps(not_held), encoding="ascii")
    return KeptReport(path if path.exists() else None, not_held)


def delete(file_key: str, pattern: str) -> int:
    """Delete the reports whose names match, and return how many bytes they took."""
    size = 0
    target = delivered_files.path_of(file_key)
    for path in target.parent.glob(f"{target.name}.{pattern}"):
        size += path.stat().st_size
        path.unlink(missing_ok=True)
    return size


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")
