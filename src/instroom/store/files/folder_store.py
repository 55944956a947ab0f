"""Files kept in a folder: each is written under another name, synced and renamed."""

import errno
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from instroom.config.disk import sync_folder
from instroom.store.files.file_store import FileMissing, StoreAway, StoredFile

UNFINISHED: Final = (".part", ".draft")
"""How the names of files end that are not whole yet."""


class FolderStore:
    def __init__(self, folder: Path, mark: str = "") -> None:
        """`mark` is the key of a file by which the folder is known. Without that the store is away, as where its disk
        is not mounted: nothing is written under it, since that would be hidden once it is, and no file counts as gone.
        """
        self._folder, self._mark, self.place = folder, mark, str(folder)

    @contextmanager
    def writing(self, key: str, replaces: StoredFile | None = None) -> Iterator[BinaryIO]:
        target = self._folder / key
        self._refuse_away(key)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = target.with_name(f"{target.name[:40]}.{secrets.token_hex(8)}.part")  # a name has 255 bytes at most
        try:
            with part.open("xb+", buffering=0) as stream:
                yield stream
                os.fsync(stream.fileno())
            if replaces:
                os.utime(part, (replaces.written_at, replaces.written_at))
                if self._stored(target).version != replaces.version:
                    raise FileNotFoundError(target)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)
        self._refuse_away(key)  # else it lies under the folder of a disk that went meanwhile

    def open(self, key: str) -> BinaryIO:
        try:
            return (self._folder / key).open("rb", buffering=0)
        except (FileNotFoundError, NotADirectoryError) as error:
            self._refuse_away(key)
            raise FileMissing(errno.ENOENT, os.strerror(errno.ENOENT), str(error.filename)) from error
        except PermissionError:
            self._refuse_away(key)
            raise

    def find(self, key: str) -> StoredFile | None:
        try:
            return self._stored(self._folder / key)
        except (FileNotFoundError, NotADirectoryError):
            self._refuse_away(key)
            return None

    def list(self, prefix: str) -> Iterator[StoredFile]:
        for path in self._under(prefix):
            if path.suffix not in UNFINISHED:
                with suppress(FileNotFoundError):  # deleted in the meantime
                    yield self._stored(path)
        self._refuse_away()

    def move(self, file: StoredFile, key: str) -> bool:
        source, target = self._folder / file.key, self._folder / key
        self._refuse_away()
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source.rename(target)
        if self._stored(target).version == file.version:
            return True
        target.rename(source)
        return False

    def delete(self, key: str) -> None:
        try:
            (self._folder / key).unlink()
        except (FileNotFoundError, NotADirectoryError):
            self._refuse_away(key)

    def delete_drafts(self, prefix: str, age: float = 0) -> int:
        count = 0
        for path in self._under(prefix):
            with suppress(FileNotFoundError):
                if path.suffix in UNFINISHED and time.time() - path.stat().st_mtime >= age:
                    path.unlink()
                    count += 1
        for folder in (self._folder / prefix).parent.glob(".instroom-*"):  # of an older version
            shutil.rmtree(folder, ignore_errors=True)
        self._refuse_away()
        return count

    def key_named(self, name: str) -> str | None:
        path, folder = Path(name).resolve(), self._folder.resolve()
        return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else None

    def _under(self, prefix: str) -> Iterator[Path]:
        folder, _, start = prefix.rpartition("/")
        for path in sorted((self._folder / folder).glob(f"{start}*")):
            if path.is_dir():
                if not path.name.startswith("."):
                    yield from self._under(f"{path.relative_to(self._folder).as_posix()}/")
            else:
                yield path

    def _stored(self, path: Path) -> StoredFile:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise FileNotFoundError(path)
        version = f"{facts.st_ino} {facts.st_mtime_ns} {facts.st_size}"
        key = path.relative_to(self._folder).as_posix()
        return StoredFile(key, facts.st_size, facts.st_mtime, facts.st_ctime, version)

    def _refuse_away(self, key: str = "") -> None:
        if self._mark and key != self._mark and not os.access(self._folder / self._mark, os.R_OK):
            raise StoreAway(errno.ENOENT, os.strerror(errno.ENOENT), self.place)
