"""Complete uploads whose name may still change. They wait in the hand-over, beside a note of their own:

    <id>.<account>.unnamed    its program may rename it
    <id>.<account>.left       its program never did; a person decides

A note is written or renamed in one step, by one process at a time. Of several notes of a file, the released one
(`<id>.json`) counts, or else the unnamed one. So a process that is killed in between loses nothing and makes nothing
twice.
"""

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from instroom.store.files.uploads import LEFT, UNNAMED, file_of, released_note, turn, write_note


class UnnamedFile(NamedTuple):
    """A complete file that waits for its name, or for a person."""

    id: UUID
    base: Path
    account: str
    note: Path
    facts: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.facts["name"])

    @property
    def folder(self) -> str:
        """Below the account's own; "" for that one."""
        return str(self.facts.get("folder", ""))

    @property
    def file(self) -> Path:
        return file_of(self.base, self.id)

    @property
    def is_left(self) -> bool:
        return self.note.suffix == LEFT

    def age(self) -> float:
        """Seconds since it got its present name, or until then where the clock has been set back."""
        return abs(time.time() - self.note.stat().st_mtime)

    def rename(self, name: str, folder: str) -> None:
        """Another name that may change, also if it was left. Raises OSError, FileNotFoundError if it is gone."""
        with turn(self.base):
            self._refuse_gone()
            write_note(self.note.with_suffix(UNNAMED), {**self.facts, "name": name, "folder": folder})
            self.note.with_suffix(LEFT).unlink(missing_ok=True)

    def leave(self) -> None:
        """Wait for a person. Raises OSError, FileNotFoundError if it is gone."""
        with turn(self.base):
            self._refuse_gone()
            self.note.replace(self.note.with_suffix(LEFT))

    def release(self, name: str, folder: str) -> None:
        """Let it become a delivery under this name, in this folder. Raises OSError, FileNotFoundError if it is gone."""
        with turn(self.base):
            self._refuse_gone()
            write_note(released_note(self.base, self.id), {**self.facts, "name": name, "folder": folder})
            self._forget()

    def delete(self) -> None:
        """Raises OSError, FileNotFoundError if it is gone: deleted, or released to become a delivery."""
        with turn(self.base):
            self._refuse_gone()
            self._forget()
            self.file.unlink(missing_ok=True)

    def _forget(self) -> None:
        for suffix in (UNNAMED, LEFT):
            self.note.with_suffix(suffix).unlink(missing_ok=True)

    def waits(self) -> bool:
        """Whether its note still holds. A process that is killed may leave an older note beside a newer one."""
        is_released = released_note(self.base, self.id).exists()
        is_renamed = self.is_left and self.note.with_suffix(UNNAMED).exists()
        return self.file.exists() and self.note.exists() and not is_released and not is_renamed

    def _refuse_gone(self) -> None:
        if not self.waits():
            raise FileNotFoundError(self.file)


def unnamed_files(base: Path, account: str = "*") -> list[UnnamedFile]:
    """Those of an account, by default of all, the oldest first."""
    found = []
    for note in sorted((base / "handover").glob(f"*.{account}.*")):
        if note.suffix in (UNNAMED, LEFT):
            waiting_id, owner, _ = note.name.split(".")
            with suppress(FileNotFoundError):  # another process was first
                facts = json.loads(note.read_text(encoding="utf-8"))
                found.append(UnnamedFile(UUID(waiting_id), base, owner, note, facts))
    return [one for one in found if one.waits()]


def get_unnamed(base: Path, account: str, waiting_id: UUID) -> UnnamedFile:
    """Raises FileNotFoundError if it no longer waits."""
    for one in unnamed_files(base, account):
        if one.id == waiting_id:
            return one
    raise FileNotFoundError(waiting_id)


def delete_remains(base: Path) -> None:
    """Delete the notes of files that have become a delivery, left by a process that was killed on the way."""
    for note in (base / "handover").glob("*.*.*"):
        if note.suffix in (UNNAMED, LEFT) and not file_of(base, UUID(note.name.partition(".")[0])).exists():
            note.unlink(missing_ok=True)
