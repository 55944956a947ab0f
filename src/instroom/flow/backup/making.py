"""Makes a backup: the database first, then uploads, then delivered files."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from instroom.config.disk import sync_folder
from instroom.config.file_server import folder as file_server_folder
from instroom.config.secret import secret_keys
from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit
from instroom.flow.backup.manifest import (
    FORMAT,
    KEY_FILE,
    MANIFEST,
    CopiedFile,
    Manifest,
    path_of,
    read_manifest,
    sha256_of,
    site_of,
    write_manifest,
)
from instroom.flow.operations.site_files import match_files
from instroom.store import database_copy
from instroom.store.files.file_store import FileMissing, FileStore, StoredFile
from instroom.store.files.folder_lock import hold_lock
from instroom.store.files.folder_store import FolderStore
from instroom.store.files.sealed_stream import write_all
from instroom.store.files.site_store import site_store, upload_folder
from instroom.store.leases import KEYS, held_or_refused
from instroom.store.models import FileAccount, Site

_PATIENCE: Final = 60.0  # seconds for a change of keys that is under way
_LOCK, _FILES, _DRAFT = "lock", "files", "draft.part"
_CHUNK: Final = 1024 * 1024


class MadeBackup(NamedTuple):
    files: int
    copied: int
    """Files that the folder did not have yet."""
    bytes: int
    """Of the whole backup."""
    gone: int
    """Delivered files that were deleted in the meantime."""


def make(folder: Path, *, with_key: bool = False) -> MadeBackup:
    """Make a backup in a folder that is empty, or holds an earlier one of this site, which the new one replaces.

    Raises NotAllowed where the folder is something else, or another process makes a backup there; OSError; and what
    `match_files` and `database_copy.write_copy` raise.
    """
    match_files()
    site = str(Site.objects.get().pk)
    _refuse_inside(folder)
    with _alone_in(folder, site), held_or_refused(KEYS, _PATIENCE) as lease:  # no key comes or goes meanwhile
        copier = _Copier(folder)
        began_at = _now()
        database, contents = copier.copy_database()
        copied = [copier.copy(*source) for source in _sources()]
        files = _without_lone_notes([one for one in copied if one])
        gone = contents.files - {one.name.removeprefix("files/") for one in files}
        if with_key:
            with FolderStore(folder).writing(KEY_FILE) as out:
                write_all(out, "".join(f"{key}\n" for key in secret_keys(Path(settings.INSTROOM_HOME))).encode("ascii"))
        manifest = Manifest(
            FORMAT, version("instroom"), _newest_migration(), site, began_at, _now(),
            connection.vendor, database, dict(contents.tables), dict(contents.audit_ends), files, sorted(gone),
        )  # fmt: skip
        copier.sync()
        with transaction.atomic():
            lease.confirm()  # nothing was encrypted anew meanwhile, under keys that the copied database lacks
            write_manifest(folder, manifest)
            audit.note(None, "backup-made", files=len(files))
        copier.delete_others(manifest)
        if not with_key:
            (folder / KEY_FILE).unlink(missing_ok=True)
        return MadeBackup(len(files), copier.copied, sum(one.bytes for one in (database, *files)), len(gone))


class _Copier:
    """Copies into a folder what it lacks."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.copied = folder, 0
        self._before: dict[str, CopiedFile] = {}
        try:
            self._before = {one.name: one for one in read_manifest(folder).files}
        except (NotFound, NotAllowed):  # the first one, or under a secret key that is gone: all is copied
            return

    def copy_database(self) -> tuple[CopiedFile, database_copy.DatabaseContents]:
        draft = self._folder / _DRAFT
        draft.unlink(missing_ok=True)
        contents = database_copy.write_copy(draft)
        digest = sha256_of(draft)
        name = f"database-{digest[:16]}.{database_copy.SUFFIXES[connection.vendor]}"
        draft.replace(self._folder / name)
        return CopiedFile(name, (self._folder / name).stat().st_size, digest, ""), contents

    def copy(self, name: str, store: FileStore, stored: StoredFile) -> CopiedFile | None:
        """None where it was deleted in the meantime. Raises OSError."""
        if (known := self._before.get(name)) and (known.version, known.bytes) == (stored.version, stored.bytes):
            path = path_of(self._folder, known)
            if path.is_file() and path.stat().st_size == known.bytes:
                return known
        draft, digest, size = self._folder / _DRAFT, hashlib.sha256(), 0
        try:
            with store.open(stored.key) as source, draft.open("wb") as out:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    size += out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
        except FileMissing:
            return None
        copied = CopiedFile(name, size, digest.hexdigest(), stored.version)
        path = path_of(self._folder, copied)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.replace(path)
        self.copied += 1
        return copied

    def sync(self) -> None:
        """Let all names survive a power cut."""
        for path in (*(self._folder / _FILES).glob("*"), self._folder / _FILES, self._folder):
            sync_folder(path)

    def delete_others(self, manifest: Manifest) -> None:
        """What only earlier backups had, or one that was broken off."""
        stays = {path_of(self._folder, one) for one in manifest.files} | {self._folder / manifest.database.name}
        for pattern in ("*.part", "database-*", f"{_FILES}/*/*"):
            for path in {*self._folder.glob(pattern)} - stays:
                path.unlink()


@contextmanager
def _alone_in(folder: Path, site: str) -> Iterator[None]:
    """Raises NotAllowed where another process is at work in the folder, or it is no place for backups of this site."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = {one.name for one in folder.iterdir()} - {"lost+found"}
    ours = {one for one in names if one in (_LOCK, _FILES, _DRAFT) or one.startswith((MANIFEST, KEY_FILE, "database-"))}
    if names != ours or (names and names.isdisjoint((_LOCK, MANIFEST))):  # as a home, whose files would be deleted
        raise NotAllowed("backup-folder-in-use", folder=folder)
    try:
        lock = hold_lock(folder / _LOCK)
    except BlockingIOError as error:
        raise NotAllowed("backup-under-way", folder=folder) from error
    with lock:
        if (folder / MANIFEST).exists() and site_of(folder) != site:
            raise NotAllowed("backup-folder-of-another-site", folder=folder)
        (folder / _FILES).mkdir(mode=0o700, exist_ok=True)
        yield


def _sources() -> Iterator[tuple[str, FileStore, StoredFile]]:
    """Every file to copy. Uploads come before delivered files, as one becomes the other meanwhile, and the files of the
    hand-over before their notes."""
    home = FolderStore(Path(settings.INSTROOM_HOME))
    for key in ("erasures", "layouts/"):  # of an older version
        for one in home.list(key):
            yield f"home/{one.key}", home, one
    if FileAccount.ever.exists():
        upload_folder()  # raises where it is not there
    uploads = FolderStore(file_server_folder())
    for one in sorted(uploads.list(""), key=lambda one: not one.key.endswith(".file")):
        if _is_whole(one.key):
            yield f"ftp/{one.key}", uploads, one
    store = site_store()
    for one in store.list(""):
        yield f"files/{one.key}", store, one


def _is_whole(key: str) -> bool:
    """Whether a file of the file server is no upload under way or broken off, and no lock."""
    top, *below = key.split("/")
    return not (key.endswith(".lock") or (top == "accounts" and below[1:2] == ["parts"]))


def _without_lone_notes(files: list[CopiedFile]) -> list[CopiedFile]:
    """Without notes of the hand-over whose file became a delivery before it was copied."""
    names = {one.name for one in files}

    def is_alone(name: str) -> bool:
        folder, _, note = name.rpartition("/")
        is_note = name.startswith("ftp/") and folder.endswith("/handover") and not note.endswith(".file")
        return is_note and f"{folder}/{note.partition('.')[0]}.file" not in names

    return [one for one in files if not is_alone(one.name)]


def _refuse_inside(folder: Path) -> None:
    """Raises NotAllowed for a folder within what is backed up."""
    places = [Path(settings.INSTROOM_HOME), file_server_folder()]
    if isinstance(settings.INSTROOM_FILES, Path):
        places.append(settings.INSTROOM_FILES)
    if any(folder.resolve().is_relative_to(one.resolve()) for one in places):
        raise NotAllowed("backup-inside", folder=folder)


def _newest_migration() -> str:
    return max(name for app, name in MigrationRecorder(connection).applied_migrations() if app == "store")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
