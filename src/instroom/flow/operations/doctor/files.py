"""Where delivered files are kept, and the folder of the file server: whether they are this site's and can be used."""

import os
import stat
import time
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
from instroom.store.files.file_store import FileStore, StoreAway
from instroom.store.files.folder_store import FolderStore
from instroom.store.files.sealed_stream import write_all
from instroom.store.files.site_store import site_store
from instroom.store.models import DataKey, FileAccount, Site

_TRIED: Final = "doctor"
"""The key of a file that is written, read and deleted."""


def look(asked: Asked) -> Iterator[Diagnosis]:
    refuse_missing()
    site, store = str(Site.objects.get().pk), site_store()
    faults = [*_open_folders(), *_key(), *_store(store, site), *_uploads(site)]
    yield from faults or [diagnosis("files", place=store.place)]


def _store(store: FileStore, site: str) -> Iterator[Diagnosis]:
    try:
        marked = site_id.read(store)
        if marked is None:
            yield diagnosis("files-away", place=store.place, reason=os.strerror(2))
        elif marked != site:
            yield diagnosis("files-not-ours", place=store.place)
        else:
            yield from _clock(_written_at(store))
    except StoreAway as error:
        yield diagnosis("files-away", place=store.place, reason=error.strerror)
    except OSError as error:
        yield diagnosis("files-not-writable", place=store.place, reason=error.strerror)


def _written_at(store: FileStore) -> float:
    """How many seconds the clock of the store is ahead of ours. Raises OSError where a file is not kept."""
    with store.writing(_TRIED) as file:
        write_all(file, b"\n")
    with store.open(_TRIED) as file:
        file.read()
    found = store.find(_TRIED)
    store.delete(_TRIED)
    return found.written_at - time.time() if found else 0.0


def _clock(ahead: float) -> Iterator[Diagnosis]:
    if abs(ahead) > MOST:
        yield diagnosis("files-clock", seconds=round(abs(ahead)))


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
