"""Restores a backup where nothing of a site is yet: the files first, then the database, and then it may begin.

A mark in the home folder says that it is not whole; commands refuse to work there. In the file store another id than
that of the site stands until the end, so that no other machine begins either.
"""

from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.db import connection

from instroom.config.file_server import folder as file_server_folder
from instroom.config.home import UNFINISHED_RESTORE
from instroom.core.errors import NotAllowed
from instroom.flow import audit
from instroom.flow.backup.manifest import CopiedFile, Manifest, read_manifest, verified_database, write_verified
from instroom.flow.operations.init import upgrade_tables
from instroom.flow.operations.site_files import match_files
from instroom.flow.privacy.restored import apply_register
from instroom.flow.queries.audit_verification import verify_all
from instroom.store import database_copy
from instroom.store.files import site_id
from instroom.store.files.file_store import FileStore
from instroom.store.files.folder_store import FolderStore
from instroom.store.files.site_store import SITE_ID, site_store
from instroom.store.sql.row_digests import differences
from instroom.store.table_version import is_known
from instroom.store.upgrade import only_upgrade

_KINDS: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_MAY_BE_THERE: Final = {"secret-key", "scratch", "lost+found"}
_REGISTER: Final = "files/_erased/"


class Restored(NamedTuple):
    began_at: str
    """Of the backup."""
    version: str
    """That made it."""
    files: int
    gone: list[str]
    """Delivered files that the backup does not have."""
    migrations: int
    """That brought its tables to this version."""
    erased: int
    """Persons who were erased again."""


def restore(folder: Path, *, verify: bool = False, newer: Path | None = None) -> Restored:
    """Make the site of a backup in an empty home folder, an empty file store and an empty database. `verify` compares
    all rows and the audit log too. Who was erased until a `newer` backup was made is erased again.

    Raises NotAllowed where something is there already, the backup is damaged or of a newer version, or what was made is
    not what it must be; what `read_manifest` and `database_copy.make_from` raise; and OSError.
    """
    manifest = read_manifest(folder)
    _refuse_other(manifest)
    sources = [(folder, one) for one in manifest.files if one.name != f"files/{SITE_ID}"]
    if newer:
        later = read_manifest(newer)
        if later.site != manifest.site:
            raise NotAllowed("backup-folder-of-another-site", folder=newer)
        sources += [(newer, one) for one in later.files if one.name.startswith(_REGISTER)]
    places = _places()
    _refuse_in_use(places)
    with places["home"].writing(UNFINISHED_RESTORE):
        pass  # that it is there says all
    site_id.write(places["files"], UNFINISHED_RESTORE)
    for source, file in sources:
        _place(source, file, places)
    database_copy.make_from(verified_database(folder, manifest.database))
    if verify:
        _refuse_other_rows(manifest)
    with only_upgrade():
        migrations = upgrade_tables()
    if verify and (wrong := [one.customer or "-" for one in verify_all() if one.fault]):
        raise NotAllowed("restored-otherwise", places=[f"audit {one}" for one in wrong])
    erased = apply_register()
    audit.note(None, "backup-restored", made_at=manifest.began_at, version=manifest.version)
    site_id.write(places["files"], manifest.site)
    match_files()
    places["home"].delete(UNFINISHED_RESTORE)
    return Restored(manifest.began_at, manifest.version, len(manifest.files), manifest.gone, migrations, erased)


def _places() -> dict[str, FileStore]:
    return {
        "home": FolderStore(Path(settings.INSTROOM_HOME)),
        "ftp": FolderStore(file_server_folder()),
        "files": site_store(mark=""),
    }


def _refuse_other(manifest: Manifest) -> None:
    """Raises NotAllowed where this version, or this kind of database, cannot have it."""
    if not is_known(manifest.migration):
        raise NotAllowed("restore-newer-version", version=manifest.version)
    if manifest.kind != connection.vendor:
        raise NotAllowed("restore-other-database", has=_KINDS[manifest.kind], here=_KINDS[connection.vendor])


def _refuse_in_use(places: dict[str, FileStore]) -> None:
    """Raises NotAllowed where a site is, or anything else."""
    home = Path(settings.INSTROOM_HOME)
    for one in home.iterdir() if home.exists() else ():
        if one.name == UNFINISHED_RESTORE:
            raise NotAllowed("restore-unfinished", folder=home)
        if one.name not in _MAY_BE_THERE and (not one.is_dir() or any(one.iterdir())):
            raise NotAllowed("restore-in-use", place=home)
    for name in ("ftp", "files"):
        if any(True for _ in places[name].list("")):
            raise NotAllowed("restore-in-use", place=places[name].place)
    if not database_copy.is_absent():
        raise NotAllowed("restore-database-in-use", name=connection.settings_dict["NAME"])


def _place(folder: Path, file: CopiedFile, places: dict[str, FileStore]) -> None:
    place, _, key = file.name.partition("/")
    with places[place].writing(key) as out:
        write_verified(folder, file, out)


def _refuse_other_rows(manifest: Manifest) -> None:
    """Raises NotAllowed where the database does not hold what the one that was copied did."""
    found = database_copy.contents_of({table: one.columns for table, one in manifest.tables.items()})
    differing = differences(manifest.tables, found.tables)
    if found.audit_ends != manifest.audit_ends:
        differing.append("audit")
    if differing:
        raise NotAllowed("restored-otherwise", places=differing)
