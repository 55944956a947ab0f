"""The store of files that a site has chosen, and the folder of its file server."""

import errno
import os
from pathlib import Path
from typing import Final

from django.conf import settings

from instroom.config.file_server import folder
from instroom.config.file_store import S3Place
from instroom.store.files.file_store import FileStore, StoreAway
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


def upload_folder(base: Path | None = None) -> Path:
    """The folder of the file server, by default that of the settings: one for all machines of a site. Raises StoreAway
    where it does not carry an id, as where it is not mounted: there nothing could be found, and nothing deleted."""
    base = base or folder()
    if not os.access(base / SITE_ID, os.R_OK):
        raise StoreAway(errno.ENOENT, os.strerror(errno.ENOENT), str(base))
    return base
