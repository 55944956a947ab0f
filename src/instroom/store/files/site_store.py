"""The store of files that a site has chosen."""

from pathlib import Path
from typing import Final

from django.conf import settings

from instroom.config.file_store import S3Place
from instroom.store.files.file_store import FileStore
from instroom.store.files.folder_store import FolderStore

SITE_ID: Final = "site-id"
"""The key of the site's id, by which a store of another site is known, and a folder that is not mounted."""


def site_store(mark: str = SITE_ID) -> FileStore:
    """Without `mark` a folder is looked through that may be another site's, or not be mounted."""
    place = settings.INSTROOM_FILES
    if isinstance(place, S3Place):
        from instroom.store.files.s3_store import S3Store  # noqa: PLC0415 - boto3 is not installed everywhere

        return S3Store(place, settings.INSTROOM_S3_KEYS)
    return FolderStore(place or Path(settings.INSTROOM_HOME) / "files", mark)
