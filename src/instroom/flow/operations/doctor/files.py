"""Where delivered files are kept, and the folder of the file server: whether they are this site's and can be used."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

from instroom.config.file_server import folder as file_server_folder
from instroom.config.file_store import S3Place
from instroom.core.errors import SettingsError
from instroom.flow.operations.doctor.clock import MOST
from instroom.flow.operations.doctor.database import refuse_missing
from instroom.flow.operations.doctor.diagnosis import Asked, Diagnosis, diagnosis
from instroom.store import data_keys
from instroom.store.files import site_id
from instroom.store.files.folder_store import FolderStore
from instroom.store.files.site_store import site_store
from instroom.store.files.store_trial import try_store
from instroom.store.models import DataKey, FileAccount, Site

_FAULTS: Final = {
    "away": "files-away",
    "of-another-site": "files-not-ours",
    "full": "files-not-writable",
    "not-writable": "files-not-writable",
}


def look(asked: Asked) -> Iterator[Diagnosis]:
    refuse_missing()
    site, place = str(Site.objects.get().pk), site_store().place
    faults = [*_open_folders(), *_key(), *_store(place, site), *_uploads(site)]
    yield from faults or [diagnosis("files", place=place)]


def _store(place: str, site: str) -> Iterator[Diagnosis]:
    tried = try_store(site)
    if tried.fault:
        facts = {} if tried.fault == "of-another-site" else {"reason": tried.reason}
        yield diagnosis(_FAULTS[tried.fault], place=place, **facts)
    elif abs(tried.ahead) > MOST:
        yield diagnosis("files-clock", seconds=round(abs(tried.ahead)))


def _uploads(site: str) -> Iterator[Diagnosis]:
    """Of the file server, which only a site with accounts needs."""
    base = file_server_folder()
    if FileAccount.objects.exists() and site_id.read(FolderStore(base)) != site:
        yield diagnosis("uploads-away", place=base)


def _open_folders() -> Iterator[Diagnosis]:
    """Folders outside INSTROOM_HOME, whose own rights do not guard them."""
    kept, home = settings.INSTROOM_FILES, Path(settings.INSTROOM_HOME)
    for one in (None if isinstance(kept, S3Place) else kept, file_server_folder()):
        if one and one.is_dir() and not one.is_relative_to(home) and one.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            yield diagnosis("files-open", folder=one)


def _key() -> Iterator[Diagnosis]:
    """Whether the site's secret key opens what the database holds."""
    row = DataKey.objects.order_by("-made_at").first()
    try:
        if row:
            data_keys.unwrap(row.pk, row.wrapped)
    except SettingsError:
        yield diagnosis("key-wrong")
