"""The manifest: what a backup holds, and must be found to hold."""

import hashlib
import json
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from instroom.core.errors import NotAllowed, NotFound
from instroom.store.files.folder_store import FolderStore
from instroom.store.files.sealed_stream import write_all
from instroom.store.sealing import SealBroken, seal, unseal
from instroom.store.sql.row_digests import TableDigest

MANIFEST: Final = "manifest.json"
KEY_FILE: Final = "secret-key"
FORMAT: Final = 1
_PURPOSE: Final = "backup"
_CHUNK: Final = 1024 * 1024


class CopiedFile(NamedTuple):
    """A file as it was at the site."""

    name: str
    """Where it stood: `files/`, `ftp/` or `home/`, and its key there."""
    bytes: int
    sha256: str
    version: str
    """That of the file it was copied from, by which the next run knows that it is the same."""


class Manifest(NamedTuple):
    """All that a backup says of itself."""

    format: int
    version: str
    """Of Instroom."""
    migration: str
    """The last one of the database."""
    site: str
    """The id of the site."""
    began_at: str
    """When the database was copied."""
    ended_at: str
    kind: str
    """Of the database: sqlite or postgresql."""
    database: CopiedFile
    tables: dict[str, TableDigest]
    audit_ends: dict[str, str]
    files: list[CopiedFile]
    gone: list[str]
    """Delivered files that the database has and that were no longer there when files were copied, as where a person
    was erased in the meantime."""


def path_of(folder: Path, file: CopiedFile) -> Path:
    """Where the content of a file is kept."""
    return folder / "files" / file.sha256[:2] / file.sha256


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Let this be what the folder holds. Raises OSError."""
    content = manifest._asdict() | {
        "database": manifest.database._asdict(),
        "tables": {name: one._asdict() for name, one in manifest.tables.items()},
        "files": [one._asdict() for one in manifest.files],
    }
    with FolderStore(folder).writing(MANIFEST) as out:
        write_all(out, json.dumps({**content, "seal": seal(_digest(content), _PURPOSE)}, indent=1).encode())


def read_manifest(folder: Path) -> Manifest:
    """What the folder holds, as long as its secret key is one of ours.

    Raises NotFound where it holds no whole backup, and NotAllowed where the manifest cannot be read, was changed, or is
    of another secret key.
    """
    content = _content_of(folder)
    try:
        is_ours = unseal(content.pop("seal"), _PURPOSE) == _digest(content)
    except SealBroken as error:
        raise NotAllowed("backup-other-key", folder=folder) from error
    except (KeyError, AttributeError) as error:  # no seal, or none that is a text
        raise _damaged(folder, MANIFEST) from error
    if not is_ours:
        raise _damaged(folder, MANIFEST)
    if content["format"] != FORMAT:
        raise NotAllowed("backup-of-other-format", version=content["version"])
    content["database"] = CopiedFile(**content["database"])
    content["tables"] = {name: TableDigest(**one) for name, one in content["tables"].items()}
    content["files"] = [CopiedFile(**one) for one in content["files"]]
    return Manifest(**content)


def site_of(folder: Path) -> str:
    """Of which site the backup is, whatever its key. Raises as `read_manifest` does."""
    return str(_content_of(folder).get("site"))


def write_verified(folder: Path, file: CopiedFile, out: BinaryIO) -> None:
    """Write the content of a file. Raises NotAllowed, behind the last of it, where it is not what it must be."""
    digest = hashlib.sha256()
    path = path_of(folder, file)
    if path.exists():
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                write_all(out, chunk)
    if digest.hexdigest() != file.sha256:
        raise _damaged(folder, file.name)


def verified_database(folder: Path, file: CopiedFile) -> Path:
    """The copy of the database, once it has been read. Raises as `write_verified` does."""
    path = folder / file.name
    if not path.exists() or sha256_of(path) != file.sha256:
        raise _damaged(folder, file.name)
    return path


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _content_of(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound("no-backup", folder=folder) from error
    except ValueError as error:
        raise _damaged(folder, MANIFEST) from error
    if not isinstance(content, dict):
        raise _damaged(folder, MANIFEST)
    return content


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _damaged(folder: Path, part: str) -> NotAllowed:
    return NotAllowed("backup-damaged", folder=folder, part=part)
