"""The bundle by which a customer moves: a folder of sealed parts, of which the manifest is written last.

    manifest             what it holds, with counts and SHA-256
    rows/<table>         a row a line (`store.sql.customer_rows`)
    files/<number>       a kept file each, as it was kept
    receipt, release, cancelled    what one site lets the other know

All of it is encrypted with the bundle's own key, which stands in a file that the operator keeps elsewhere.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, cast

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from instroom.config.disk import sync_folder
from instroom.core.errors import NotAllowed, NotFound
from instroom.store.data_keys import DataKey
from instroom.store.files.folder_store import FolderStore
from instroom.store.files.sealed_file import Content, SealedFile
from instroom.store.files.sealed_stream import FileChanged

FORMAT: Final = 1
MANIFEST: Final = "manifest"
RECEIPT, RELEASE, CANCELLED = "receipt", "release", "cancelled"
_LEAST: Final = 32  # characters of a key that nobody guesses
_NO_DATA_KEY: Final = 0


class BundledFile(NamedTuple):
    """A kept file: its name (`store.files.customer_files`), the part that holds it, and what must be in that."""

    name: str
    part: str
    bytes: int
    sha256: str


class Manifest(NamedTuple):
    """What a bundle holds, and what the new site must have."""

    format: int
    move: str
    """The id of this move: another bundle of the same customer has another."""
    customer: str
    """Its id."""
    name: str
    address: str
    """Of the pages of the old site."""
    tables: str
    """The last migration of the old site."""
    layouts: dict[str, str]
    """The layouts that its deliveries and connections name, with the SHA-256 of each."""
    audit_end: tuple[int, str]
    """Number and hash of the last entry of the customer's audit log."""
    rows: dict[str, tuple[int, int]]
    """Table → how many rows, and their sum (`customer_rows.Digest`)."""
    files: list[BundledFile]


class Bundle:
    """A bundle that is written or read."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder, self._store, self._key = folder, FolderStore(folder), DataKey(_NO_DATA_KEY, AESGCM(key))

    def is_complete(self) -> bool:
        return (self.folder / MANIFEST).exists()

    def manifest(self) -> Manifest:
        """Raises NotFound where there is none, and NotAllowed where it cannot be read."""
        if not self.is_complete():
            raise NotFound("no-bundle", folder=self.folder)
        found = json.loads(b"".join(self.lines(MANIFEST)))
        if found["format"] != FORMAT:
            raise NotAllowed("bundle-of-other-version")
        files = [BundledFile(*one) for one in found.pop("files")]
        return Manifest(**found, files=files)

    def write(self, part: str, content: Iterable[bytes]) -> Content:
        """Write a part whole or not at all. Raises OSError."""
        return self._file(part).seal(cast(BinaryIO, _Chunks(iter(content))), self._key)

    def opened(self, part: str) -> BinaryIO:
        """Raises NotAllowed where it is not there, was changed, or has another key."""
        try:
            return self._file(part).opened(self._key)
        except (FileChanged, FileNotFoundError) as error:
            raise NotAllowed("bundle-unreadable", part=part) from error

    def lines(self, part: str) -> Iterator[bytes]:
        """Raises as `opened` does."""
        try:
            with self.opened(part) as content:
                yield from content
        except FileChanged as error:
            raise NotAllowed("bundle-unreadable", part=part) from error

    def verified(self, file: BundledFile) -> BinaryIO:
        """The content of a file, once all of it has been read. Raises NotAllowed."""
        try:
            with self.opened(file.part) as content:
                found = hashlib.file_digest(cast(BufferedReader, content), "sha256").hexdigest()
                if (content.tell(), found) != (file.bytes, file.sha256):
                    raise FileChanged("file-changed")
        except FileChanged as error:
            raise NotAllowed("bundle-unreadable", part=file.part) from error
        return self.opened(file.part)

    def tell(self, kind: str, **facts: str) -> None:
        """Let the other site know. Raises OSError."""
        self.write(kind, [json.dumps({"kind": kind, **facts}).encode()])

    def told(self, kind: str) -> dict[str, Any]:
        """What the other site let know; nothing where it has not. Raises NotAllowed."""
        if not (self.folder / kind).exists():
            return {}
        found: dict[str, Any] = json.loads(b"".join(self.lines(kind)))
        if found["kind"] != kind:  # under another name
            raise NotAllowed("bundle-unreadable", part=kind)
        return found

    def _file(self, part: str) -> SealedFile:
        return SealedFile(self._store, part)


class _Chunks:
    """Chunks of any size, to be read as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, _size: int) -> bytes:
        return next(self._chunks, b"")


def bundle_in(folder: Path, key_file: Path, *, make_key: bool = False) -> Bundle:
    """The bundle of a folder, under the key of a file, which can be made.

    Raises NotFound where there is no such key, NotAllowed where anybody could guess it or it lies with the bundle, and
    OSError.
    """
    if key_file.resolve().is_relative_to(folder.resolve()):
        raise NotAllowed("bundle-key-inside")
    if make_key and not key_file.exists():
        descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{secrets.token_urlsafe(48)}\n")
            file.flush()
            os.fsync(descriptor)
        sync_folder(key_file.parent)
    if not key_file.exists():
        raise NotFound("no-bundle-key", file=key_file)
    text = key_file.read_bytes().strip()
    if len(text) < _LEAST:
        raise NotAllowed("bundle-key-short", least=_LEAST)
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"instroom.customer-move").derive(text)
    return Bundle(folder, derived)
