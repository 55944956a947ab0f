"""Uploads to the file server, until they become deliveries.

    accounts/<account>/folder   what the account sees
    accounts/<account>/parts    uploads in progress and interrupted uploads; on the same file system, never shown
    handover/                   complete files that will become deliveries: <id>.file, and then <id>.json; under a name
                                that may still change they wait there first (`unnamed_files`)

Only `commit` declares a file complete. From then on it is in `handover`, and survives a power cut. It is never written
again, since every upload starts a new file.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

from instroom.config.disk import sync_folder
from instroom.store.files import sealed_file
from instroom.store.ids import new_id_after

UNNAMED: Final = ".unnamed"
LEFT: Final = ".left"
_NOTES: Final = (".json", UNNAMED, LEFT)
_ORPHAN: Final = 3600.0  # seconds after which an unfinished file must belong to a killed process


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
        """Its uploads in progress and interrupted uploads."""
        return self.base / "accounts" / self.account / "parts"

    def make(self, below: Iterable[str] = ()) -> None:
        """Create the folders that are missing, and those `below` the one that the account sees."""
        for path in (self.folder, self.parts, self.base / "handover", *(self.folder / name for name in below)):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def used(self) -> int:
        """The bytes that the account uses, also by files that wait for their name."""
        notes = (self.base / "handover").glob(f"*.{self.account}.*")
        unnamed = (file_of(self.base, UUID(note.name.partition(".")[0])) for note in notes)
        return sum(_size_of(path) for path in chain(self.folder.rglob("*"), self.parts.glob("*"), unnamed))

    def entries(self) -> int:
        """How many files and folders the account sees."""
        return sum(1 for _ in self.folder.rglob("*"))

    def interrupted(self, target: Path, age: float) -> Path | None:
        """The upload to `target` that was interrupted less than `age` seconds ago, if any."""
        rest = self.rest_of(target)
        try:
            return rest if time.time() - rest.stat().st_mtime < age else None
        except FileNotFoundError:
            return None

    def rest_of(self, target: Path) -> Path:
        """Where an interrupted upload to `target` is kept."""
        return self.parts / (sha256(os.fsencode(target.relative_to(self.folder))).hexdigest() + ".rest")


def _size_of(path: Path) -> int:
    """Zero for a folder, and for a file that has gone."""
    try:
        return sealed_file.at(path).size() if path.is_file() else 0
    except FileNotFoundError:
        return 0


class WaitingFile(NamedTuple):
    """A complete file that will become a delivery."""

    id: UUID
    base: Path
    facts: Mapping[str, Any]

    @property
    def file(self) -> Path:
        return file_of(self.base, self.id)

    @property
    def note(self) -> Path:
        return released_note(self.base, self.id)

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Only one process at a time makes a delivery of it. Yields whether it still waits."""
        try:
            note = self.note.open("r+b")  # NFS locks only what is open for writing
        except FileNotFoundError:
            yield False
            return
        with note:
            fcntl.flock(note, fcntl.LOCK_EX)
            yield self.note.exists()

    def done(self) -> None:
        """Remove the file: it is a delivery now. Its note goes last: without that the file would seem to wait for its
        name again, where a process was killed while releasing it."""
        self.file.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


def commit(
    folders: AccountFolders, part: Path, target: Path, facts: Mapping[str, Any], *, is_unnamed: bool = False
) -> UUID:
    """Move a complete upload to `target` and hand it over, and return the id under which it waits: to become a
    delivery, or first for its name where it is unnamed.

    Returns once the file would survive a power cut. Raises OSError; then it is not handed over.
    """
    sync_file(part)
    base, account = folders.base, folders.account
    with turn(base):  # until it has a note, it looks like what a killed process left
        waiting_id = _next_id(base)
        note = base / "handover" / f"{waiting_id}.{account}{UNNAMED}" if is_unnamed else released_note(base, waiting_id)
        copy(part, file_of(base, waiting_id))
        show(folders, part, target)
        write_note(note, facts)
    return waiting_id


def show(folders: AccountFolders, part: Path, target: Path) -> None:
    """Move a complete upload to where its account sees it. Raises OSError."""
    part.replace(target)
    sync_folder(target.parent)
    folders.rest_of(target).unlink(missing_ok=True)


def hand_over(base: Path, copy_to: Callable[[Path], None], facts: Mapping[str, Any]) -> WaitingFile:
    """Hand over a complete file. `copy_to` writes and syncs it at the path that it gets.

    Returns once the file would survive a power cut. Raises OSError, and what `copy_to` raises; then nothing is handed
    over.
    """
    begun = WaitingFile(_next_id(base), base, facts)
    try:
        copy_to(begun.file)
        write_note(begun.note, facts)
    except BaseException:
        begun.file.unlink(missing_ok=True)
        raise
    return begun


def _next_id(base: Path) -> UUID:
    """After those that wait, which is the order in which they become deliveries."""
    return new_id_after(max((UUID(one.stem) for one in (base / "handover").glob("*.file")), default=UUID(int=0)))


def waiting(base: Path, age: float = 0) -> list[WaitingFile]:
    """The files that have been waiting longer than `age` seconds, the oldest first. One from the future, before the
    clock was set back, is among them."""
    now, found = time.time(), []
    for note in sorted((base / "handover").glob("*.json")):
        with suppress(FileNotFoundError):  # another process was first
            if abs(now - note.stat().st_mtime) >= age:
                found.append(get_waiting(base, UUID(note.stem)))
    return found


def handed_over_at(base: Path) -> list[float]:
    """When each file that waits was handed over, in seconds since 1970."""
    found = list[float]()
    for note in (base / "handover").glob("*.json"):
        with suppress(FileNotFoundError):  # another process was first
            found.append(note.stat().st_mtime)
    return found


def get_waiting(base: Path, waiting_id: UUID) -> WaitingFile:
    """The file that waits under this id. Raises FileNotFoundError if it no longer does."""
    return WaitingFile(waiting_id, base, json.loads(released_note(base, waiting_id).read_text(encoding="utf-8")))


def tidy(base: Path, keep: float, stays: Callable[[AccountFolders, Path], bool]) -> None:
    """Delete uploads that ended more than `keep` seconds ago, and files of killed processes. `stays` says which files
    that an account sees do so: our answers, for a while."""
    with turn(base):  # in the meantime nobody adds a file, or gives a note another name
        found = list((base / "handover").glob("*"))
        noted = {one.name.partition(".")[0] for one in found if one.suffix in _NOTES}
        for one in found:
            if one.suffix == ".draft" or (one.suffix == ".file" and one.stem not in noted):
                _delete_if_older(one, _ORPHAN)
    for part in (base / "accounts").glob("*/parts/*"):
        _delete_if_older(part, max(keep, _ORPHAN))
    for account in (base / "accounts").glob("*"):
        folders = AccountFolders(base, account.name)
        for folder, _, names in os.walk(folders.folder):  # glob breaks off where a session removes one meanwhile
            for file in (Path(folder) / name for name in names):
                if not stays(folders, file):
                    _delete_if_older(file, max(keep, _ORPHAN))


@contextmanager
def turn(base: Path) -> Iterator[None]:
    """Only one process at a time adds a file to the hand-over, or decides about one that waits for its name."""
    with (base / "handover.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def delete_unfinished(folder: Path) -> None:
    """Delete files without a note, left by a killed process. No other process may be using the folder."""
    for file in folder.iterdir():
        if not file.with_suffix(".json").exists():
            file.unlink()


def _delete_if_older(file: Path, age: float) -> None:
    with suppress(FileNotFoundError):  # its own session was first
        if time.time() - file.stat().st_ctime > age:
            file.unlink()


def copy(part: Path, own: Path) -> None:
    """A second name for the same bytes; a copy if the file system has no hard links."""
    try:
        own.hardlink_to(part)
    except PermissionError:
        shutil.copyfile(part, own)
        sync_file(own)


def write_note(note: Path, facts: Mapping[str, Any]) -> None:
    draft = note.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(facts, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(note)
    sync_folder(note.parent)


def sync_file(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def file_of(base: Path, waiting_id: UUID) -> Path:
    return base / "handover" / f"{waiting_id}.file"


def released_note(base: Path, waiting_id: UUID) -> Path:
    """The note of a file that is to become a delivery now."""
    return base / "handover" / f"{waiting_id}.json"
