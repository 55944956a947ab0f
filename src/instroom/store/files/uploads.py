"""Uploads at the file server, until they are deliveries.

    accounts/<account>/folder   what the account sees
    accounts/<account>/parts    what is on its way, and what broke off; on the same file system, never seen
    handover/                   whole files that are to become deliveries: <id>.file, and <id>.json once it is certain

A file is taken for whole by `commit` alone. From then on it is in `handover`, and survives a power cut; the file there
is never written again, since every upload begins a file of its own.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

from instroom.store.files.delivered_files import sync_folder
from instroom.store.ids import new_id

_ORPHAN: Final = 3600.0  # seconds after which a file of no certain upload belongs to a process that was killed


class AccountFolders(NamedTuple):
    """The folders of one account."""

    base: Path
    account: str

    @property
    def folder(self) -> Path:
        """What the account sees as /."""
        return self.base / "accounts" / self.account / "folder"

    @property
    def parts(self) -> Path:
        """Its uploads in progress."""
        return self.base / "accounts" / self.account / "parts"

    def make(self) -> None:
        """Create the folders that are missing."""
        for one in (self.folder, self.parts, self.base / "handover"):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)

    def used(self) -> int:
        """The bytes that the account uses."""
        return sum(one.stat().st_size for one in self._all() if one.is_file())

    def entries(self) -> int:
        """How many files and folders the account sees."""
        return sum(1 for _ in self.folder.rglob("*"))

    def broken_off(self, target: Path, age: float) -> Path | None:
        """The upload to `target` that was interrupted less than `age` seconds ago, if any."""
        rest = self.rest_of(target)
        try:
            return rest if time.time() - rest.stat().st_mtime < age else None
        except FileNotFoundError:
            return None

    def rest_of(self, target: Path) -> Path:
        """Where an interrupted upload to `target` is kept."""
        return self.parts / (sha256(os.fsencode(target.relative_to(self.folder))).hexdigest() + ".rest")

    def _all(self) -> Iterator[Path]:
        yield from self.folder.rglob("*")
        yield from self.parts.iterdir()


class Waiting(NamedTuple):
    """A complete file that will become a delivery."""

    id: UUID
    file: Path
    note: Path
    facts: Mapping[str, Any]

    def done(self) -> None:
        """Remove the file: it is a delivery now."""
        self.note.unlink(missing_ok=True)
        self.file.unlink(missing_ok=True)


def commit(folders: AccountFolders, part: Path, target: Path, facts: Mapping[str, Any] | None) -> UUID | None:
    """Put a whole file in its place, and with `facts` also in the hand-over; gives the id under which it waits there.

    Returns when the file would survive a power cut. Raises OSError; then it is not handed over.
    """
    _sync_file(part)
    one = new_id() if facts is not None else None
    if one:
        _copy(part, _file_of(folders.base, one))
    part.replace(target)
    sync_folder(target.parent)
    if one:
        _write_note(_note_of(folders.base, one), facts or {})
    folders.rest_of(target).unlink(missing_ok=True)
    return one


def hand_over(base: Path, copy_to: Callable[[Path], None], facts: Mapping[str, Any]) -> Waiting:
    """Put a whole file in the hand-over: `copy_to` writes and syncs it under the name that it is given.

    Returns when it would survive a power cut. Raises OSError, and what `copy_to` raises; then nothing is handed over.
    """
    one = new_id()
    file, note = _file_of(base, one), _note_of(base, one)
    try:
        copy_to(file)
        _write_note(note, facts)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return Waiting(one, file, note, facts)


def waiting(base: Path, age: float = 0) -> list[Waiting]:
    """The files that have been waiting longer than `age` seconds, the oldest first."""
    now, found = time.time(), []
    for note in sorted((base / "handover").glob("*.json")):
        try:
            if now - note.stat().st_mtime >= age:
                facts = json.loads(note.read_text(encoding="utf-8"))
                found.append(Waiting(UUID(note.stem), note.with_suffix(".file"), note, facts))
        except FileNotFoundError:  # another process was first
            continue
    return found


def get_waiting(base: Path, one: UUID) -> Waiting:
    """The file that waits under this id. Raises FileNotFoundError if it no longer does."""
    note = _note_of(base, one)
    return Waiting(one, _file_of(base, one), note, json.loads(note.read_text(encoding="utf-8")))


def tidy(base: Path, keep: float, is_answer: Any) -> None:
    """Delete uploads that ended more than `keep` seconds ago, and what a killed process has left behind. `is_answer`
    tells whether a name is that of one of our answers."""
    for file in (base / "handover").glob("*.file"):
        if not file.with_suffix(".json").exists():
            _drop_when_older(file, _ORPHAN)
    for part in (base / "accounts").glob("*/parts/*"):
        _drop_when_older(part, max(keep, _ORPHAN))
    for file in (base / "accounts").glob("*/folder/**/*"):
        if file.is_file() and not is_answer(file.name):
            _drop_when_older(file, max(keep, _ORPHAN))


def drop_unfinished(*folders: Path) -> None:
    """Delete files without a note, left by a killed process. No other process may be using the folders."""
    for file in (file for folder in folders for file in folder.iterdir()):
        if not file.with_suffix(".json").exists():
            file.unlink()


def _drop_when_older(file: Path, age: float) -> None:
    try:
        if time.time() - file.stat().st_ctime > age:
            file.unlink()
    except FileNotFoundError:  # its own session was first
        return


def _copy(part: Path, own: Path) -> None:
    """A second name for the same bytes; a copy if the file system has no hard links."""
    try:
        own.hardlink_to(part)
    except PermissionError:
        shutil.copyfile(part, own)
        _sync_file(own)


def _write_note(note: Path, facts: Mapping[str, Any]) -> None:
    draft = note.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(facts, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(note)
    sync_folder(note.parent)


def _sync_file(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _file_of(base: Path, one: UUID) -> Path:
    return base / "handover" / f"{one}.file"


def _note_of(base: Path, one: UUID) -> Path:
    return base / "handover" / f"{one}.json"
