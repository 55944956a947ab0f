"""Encrypts kept files with the present key of their customer: those of an older version, and under an older key."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from instroom.config.file_server import folder
from instroom.store import data_keys
from instroom.store.files import delivered_files, sealed_file, uploads
from instroom.store.files.sealed_stream import FileChanged
from instroom.store.files.unnamed_files import UnnamedFile, unnamed_files
from instroom.store.locks import reports_lock
from instroom.store.models import Customer, FileAccount

_UNFINISHED: Final = (".part", ".draft")
_log = logging.getLogger(__name__)


def reseal_files(customer: Customer) -> int:
    """Encrypt what is plain or under another key than the present one. Gives how many files: none the second time.

    A file that cannot be read is logged, and stays as it is.
    """
    key, count = data_keys.current(customer.pk), 0
    for path in files_of(customer):
        try:
            with suppress(FileNotFoundError):  # deleted in the meantime
                if sealed_file.key_id_of(path) != key.id:
                    with reports_lock(customer.pk, patience=0) as is_free:  # else what is being deleted could come back
                        count += is_free and sealed_file.reseal(path, key)
        except FileChanged:
            _log.error("%s cannot be encrypted anew: it was changed or damaged on the disk", path.name)
    return count


def files_of(customer: Customer) -> Iterator[Path]:
    """All that is kept encrypted for a customer: deliveries with their reports, what its accounts see, and what waits
    to become a delivery. Uploads that are under way or broken off are not among them: they last a day."""
    accounts = {account.pk.hex for account in FileAccount.ever.filter(customer=customer)}
    kept = delivered_files.path_of(customer.name).rglob("*")
    yield from (path for path in kept if path.suffix not in (*_UNFINISHED, ".json") and path.is_file())
    for account in accounts:
        shown = uploads.AccountFolders(folder(), account).folder.rglob("*")
        yield from (path for path in shown if path.suffix not in _UNFINISHED and path.is_file())
    for base in (folder(), *folder().glob("watch/*")):
        handed_over: list[uploads.WaitingFile | UnnamedFile] = [*uploads.waiting(base), *unnamed_files(base)]
        yield from (one.file for one in handed_over if one.facts["account"] in accounts)
