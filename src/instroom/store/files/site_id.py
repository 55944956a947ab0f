"""The id of the site in its store of files, and in the folder of its file server."""

from instroom.store.files.file_store import FileStore
from instroom.store.files.sealed_stream import write_all
from instroom.store.files.site_store import SITE_ID


def read(store: FileStore) -> str | None:
    """The id that the store carries; None where it carries none, or its folder is not there. Raises OSError."""
    try:
        with store.open(SITE_ID) as file:
            return file.read().decode("ascii", errors="replace").strip()
    except FileNotFoundError:
        return None


def write(store: FileStore, site: str) -> None:
    """Survives a power cut. Raises OSError."""
    with store.writing(SITE_ID) as file:
        write_all(file, f"{site}\n".encode())


def holds_files(store: FileStore) -> bool:
    """Whether anything is kept, of whatever customer or site. The store needs no id to be looked through."""
    return any("/" in one.key for one in store.list(""))
