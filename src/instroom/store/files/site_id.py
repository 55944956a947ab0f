"""The id of the site in its file store, by which a store of another site is known, and one that is not mounted."""

import errno
import os
import secrets
from pathlib import Path
from typing import Final

from django.conf import settings

from instroom.config.disk import sync_folder

NAME: Final = "site-id"


class StoreAway(OSError):
    """The file store is not there: trouble of the site, and no fault of the file that is asked for."""


def folder() -> Path:
    return Path(settings.INSTROOM_HOME) / "files"


def read() -> str | None:
    """The id that the store carries; None where it carries none, or is not there. Raises OSError."""
    try:
        return (folder() / NAME).read_text(encoding="ascii", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None


def write(site: str) -> None:
    """Survives a power cut. Raises OSError."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder() / f"{NAME}.{secrets.token_hex(4)}"
    with draft.open("w", encoding="ascii") as file:
        file.write(f"{site}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder() / NAME)
    sync_folder(folder())


def require() -> None:
    """Raise StoreAway where the store is no longer what a start has found it to be. It is one look at the disk: before
    each write, lest a file be kept under a folder on which the store will be mounted again."""
    if not (folder() / NAME).exists():
        raise StoreAway(errno.ENOENT, os.strerror(errno.ENOENT), str(folder()))


def holds_files() -> bool:
    """Whether anything is kept, of whatever customer or site."""
    return any(one.is_file() for one in folder().glob("*/*"))
