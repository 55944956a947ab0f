"""Watches a folder in which another server drops files, and takes in those that are complete (product.md F5)."""

import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from instroom.config.file_server import FileServerSettings
from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import find
from instroom.flow.delivery.room import refuse_without_room
from instroom.flow.file_server import accounts
from instroom.flow.file_server.account_answers import answer_watched
from instroom.flow.file_server.file_names import is_final
from instroom.flow.file_server.folder_owners import FolderOwners
from instroom.flow.file_server.folder_scan import Dropped, FolderScan, StabilityTracker
from instroom.flow.file_server.taking_away import finish, take_away
from instroom.flow.file_server.throttled_log import DailyWarning, reason_of
from instroom.store.files import dropped_files, uploads
from instroom.store.files.disk import has_room
from instroom.store.files.dropped_files import StillChanging
from instroom.store.files.folder_lock import hold_lock
from instroom.store.models import FileAccount

SETTLE: Final = 10.0
"""Seconds. Ten scans have then seen no change, and a program that failed has usually started again."""
_log = logging.getLogger("instroom.watch")


class WatchOptions(NamedTuple):
    folder: Path
    account: str = ""
    """The account that owns the files in the folder; "" if each account has a folder of its own in it."""
    customer: str = ""
    """Only accounts of this customer; "" for all."""
    settle: float = SETTLE
    with_marker: bool = False
    """A file is complete when its marker says so; it need not settle."""


class Watcher:
    """Watches a folder, and locks it for other processes with the same hand-over."""

    def __init__(self, options: WatchOptions, settings: FileServerSettings) -> None:
        """Raises NotFound for an unknown folder, account or customer, NotAllowed for a watched folder, and OSError."""
        self._options = _found(options)
        self._free = settings.free
        self._base = settings.folder / "watch" / sha256(os.fsencode(self._options.folder)).hexdigest()[:16]
        (self._base / "handover").mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._lock = hold_lock(self._base / "in-use")
        except BlockingIOError as error:
            raise NotAllowed("folder-watched-already", folder=options.folder) from error
        uploads.delete_unfinished(self._base / "handover")
        shutil.rmtree(self._base / "answers", ignore_errors=True)  # drafts of an older version
        self._warning = DailyWarning(_log)
        self._scan = FolderScan(settings.file_bytes, options.with_marker)
        self._stability = StabilityTracker(0 if options.with_marker else options.settle)
        self._swept: set[Path] = set()  # folders without drafts of a killed process
        self._owners = FolderOwners(self._base / "owners.json")

    def close(self) -> None:
        """Stop watching, and unlock the folder."""
        self._lock.close()

    def look(self, now: float | None = None, stop: Callable[[], bool] = lambda: False) -> int:
        """Take the complete files and write the answers that are due. Returns how many files were taken.

        `now` is a time.monotonic() value, by default the present; `stop` is called before each file. A file
        that cannot be taken is logged and tried again.
        """
        now = time.monotonic() if now is None else now
        self._finish_what_was_begun()
        places = dict(self._places())
        owners = {one: account for folder, account in places.items() for one in self._dropped(folder, account)}
        count = 0
        for one in self._stability.settled(owners, now, lambda one: is_final(one.name, owners[one])):
            if stop():
                break
            count += self._taken(one, owners[one], now)
        answer_watched({account.pk: folder for folder, account in places.items()})
        return count

    def _finish_what_was_begun(self) -> None:
        for begun in uploads.waiting(self._base):
            try:
                if delivery := finish(begun):
                    _log.info("%r, taken before, is delivery %s", delivery.file_name, delivery.pk)
            except Exception as error:  # what is behind it goes on
                self._warning.warn(f"{begun.facts['name']!r}, taken before", f"no delivery yet ({reason_of(error)})")

    def _places(self) -> Iterator[tuple[Path, FileAccount]]:
        """The folders that may be emptied, each with its account."""
        options = self._options
        folders = {options.account: options.folder} if options.account else self._folders()
        known = FileAccount.objects.filter(name__in=[*folders], active=True).select_related("customer")
        owners = {
            one.name: one for one in (known.filter(customer__name=options.customer) if options.customer else known)
        }
        for name, folder in folders.items():
            if name not in owners:
                whose = f" of {options.customer}" if options.customer else ""
                self._warning.warn(
                    f"folder {name!r}", f"left alone: there is no such account{whose}, or it is switched off"
                )
            elif owners[name].customer.move:
                self._warning.warn(f"folder {name!r}", "left alone: its customer moves to another site")
            elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                self._warning.warn(
                    f"folder {name!r}", "left alone: we may not write there, so nothing can be taken away from it"
                )
            elif not self._owners.has(owners[name], folder):
                self._warning.warn(
                    f"folder {name!r}",
                    "left alone: it holds files of the account that had this name before",
                )
            else:
                if folder not in self._swept:
                    self._swept.add(folder)
                    dropped_files.delete_drafts(folder)
                yield folder, owners[name]

    def _folders(self) -> Mapping[str, Path]:
        folders = {}
        try:
            with os.scandir(self._options.folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False) and entry.name.isascii():
                        folders[entry.name] = self._options.folder / entry.name
                    elif not entry.name.startswith("."):
                        self._warning.warn(f"{entry.name!r}", "left alone: it is no folder of an account")
        except OSError as error:
            self._warning.warn(str(self._options.folder), reason_of(error))
        return folders

    def _dropped(self, folder: Path, account: FileAccount) -> list[Dropped]:
        def left_alone(name: str, reason: str) -> None:
            self._warning.warn(f"{account.name}: {name!r}", f"left alone: {reason}")

        try:
            return self._scan.run(folder, left_alone)
        except OSError as error:
            self._warning.warn(f"folder {account.name!r}", reason_of(error))
            return []

    def _taken(self, one: Dropped, account: FileAccount, now: float) -> bool:
        try:
            if not has_room(self._base, self._free, one.stamp.size):
                raise NotAllowed("disk-full")
            refuse_without_room(account.customer, one.stamp.size, account=account)
            delivery = take_away(self._base, one, account)
        except StillChanging:
            self._not_yet(one, account, now, "somebody is still writing to it")
        except Exception as error:  # what is behind it goes on
            self._not_yet(one, account, now, reason_of(error))
        else:
            if delivery:
                facts = (account.name, one.name, one.stamp.size, delivery.pk)
                _log.info("%s: %r taken, %d bytes, delivery %s", *facts)
            return delivery is not None
        return False

    def _not_yet(self, one: Dropped, account: FileAccount, now: float, reason: str) -> None:
        self._stability.retry_later(one, now)
        self._warning.warn(f"{account.name}: {one.name!r}", f"not taken yet: {reason}")


def _found(options: WatchOptions) -> WatchOptions:
    """The options, once everything they name has been found."""
    if not options.folder.is_dir():
        raise NotFound("no-folder", folder=options.folder)
    owner = find.customer(options.customer) if options.customer else None
    account = accounts.account(options.account) if options.account else None
    if owner and account and account.customer != owner:
        raise NotFound("customer-has-no-account", customer=owner.name, account=account.name)
    return options._replace(folder=options.folder.resolve(), account=account.name if account else "")
