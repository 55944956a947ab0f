"""Deletes what an account sees of a file that may not be kept, under whatever name it stands there."""

import hashlib
from contextlib import suppress
from pathlib import Path

from instroom.store.files import sealed_file
from instroom.store.files.sealed_stream import FileChanged


def delete_content(folder: Path, size: int, sha256: str) -> int:
    """Delete the files in a folder, and in those below it, that have this content. Gives how many. Raises OSError."""
    return sum(_delete(one, size, sha256) for one in folder.rglob("*") if one.is_file())


def _delete(one: Path, size: int, sha256: str) -> bool:
    with suppress(FileNotFoundError, FileChanged):  # its account was first, or it is no whole file
        if sealed_file.at(one).size() == size:
            with sealed_file.at(one).opened() as content:
                is_same = hashlib.sha256(content.read()).hexdigest() == sha256
            if is_same:
                one.unlink()
                return True
    return False
