"""The id of the site in its store of files."""

from instroom.store.files.sealed_stream import write_all
from instroom.store.files.site_store import SITE_ID, site_store


def read() -> str | None:
    """The id that the store carries; None where it carries none, or its folder is not there. Raises OSError."""
    try:
        with site_store().open(SITE_ID) as file:
            return file.read().decode("ascii", errors="replace").strip()
    except FileNotFoundError:
        return None


def write(site: str) -> None:
    """Survives a power cut. Raises OSError."""
    with site_store().writing(SITE_ID) as file:
        write_all(file, f"{site}\n".encode())


def holds_files() -> bool:
    """Whether anything is kept, of whatever customer or site."""
    return any("/" in one.key for one in site_store(mark="").list(""))
