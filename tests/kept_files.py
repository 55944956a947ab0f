"""What is kept of a delivery, as it was before it was encrypted."""

from pathlib import Path

from instroom.store.files import delivered_files, sealed_file
from instroom.store.files.kept_reports import KeptReport
from instroom.store.models import Delivery
from tests.database import home


def kept(delivery: Delivery) -> bytes:
    """The delivered file."""
    with delivered_files.kept(delivery.file_key).opened() as content:
        return content.read()


def path_of(key: str) -> Path:
    """Where a file is kept under a key."""
    return home() / "files" / key


def report_path(report: KeptReport) -> Path:
    """Where a report is kept."""
    assert report.file
    return path_of(report.file.key)


def content_of(path: Path) -> bytes:
    """The content of a file of ours."""
    with sealed_file.at(path).opened() as content:
        return content.read()


def files_with(folder: Path, name: bytes) -> list[Path]:
    """The files under a folder in which a name stands in the clear."""
    return [one for one in folder.rglob("*") if one.is_file() and name in one.read_bytes()]
