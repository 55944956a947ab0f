"""What is kept of a delivery, as it was before it was encrypted."""

from pathlib import Path

from instroom.store.files import delivered_files, sealed_file
from instroom.store.models import Delivery


def kept(delivery: Delivery) -> bytes:
    """The delivered file."""
    return content_of(delivered_files.path_of(delivery.file_key))


def content_of(path: Path) -> bytes:
    """The content of a file of ours."""
    with sealed_file.opened(path) as content:
        return content.read()


def files_with(folder: Path, name: bytes) -> list[Path]:
    """The files under a folder in which a name stands in the clear."""
    return [one for one in folder.rglob("*") if one.is_file() and name in one.read_bytes()]
