"""A folder in which another server drops files: what is complete is taken in as if it came to ours (product.md F5)."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from instroom.config.file_server import FileServerSettings
from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import find
from instroom.flow.file_server import accounts
from instroom.flow.file_server.account_answers import answer_watched
from instroom.flow.file_server.dropped_files import Dropped, Looking, Settling
from instroom.flow.file_server.taking_away import finish, take_away
from instroom.flow.file_server.throttled_log import SaidOnce, why
from instroom.store.files import dropped_files, uploads
from instroom.store.files.dropped_files import StillChanging
from instroom.store.locks import sole
from instroom.store.models import FileAccount

SETTLE: Final = 10.0
"""Seconds. Ten looks at a file have seen nothing change then, a program that failed has as a rule begun again, and a
nightly file has the time."""
_log = logging.getLogger("instroom.watch")


class Asked(NamedTuple):
    """What is to be watched."""

    folder: Path
    account: str = ""
    """Whose files lie in the folder itself; "" where there is a folder in it for each account."""
    customer: str = ""
    """Of whose accounts alone; "" for all."""
    settle: float = SETTLE
    with_marker: bool = False
    """A file is complete when its marker says so, and needs not settle."""


class Watcher:
    """Watches a folder; no other process with the same hand-over does."""

    def __init__(self, asked: Asked, settings: FileServerSettings) -> None:
        """Raises NotFound for what is named, NotAllowed where the folder is watched already, and OSError."""
        self._asked = _found(asked)
        self._free = settings.free
        self._base = settings.folder / "watch" / sha256(os.fsencode(self._asked.folder)).hexdigest()[:16]
        self._drafts = self._base / "answers"
        for one in (self._base / "handover", self._drafts):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _lock(self._base, asked.folder)
        uploads.drop_unfinished(self._base / "handover", self._drafts)
        self._said = SaidOnce(_log)
        self._looking = Looking(settings.file_bytes, asked.with_marker)
        self._settling = Settling(0 if asked.with_marker else asked.settle)
        self._swept: set[Path] = set()

    def close(self) -> None:
        """Watch no longer: somebody else may."""
        self._lock.close()

    def look(self, now: float | None = None, stop: Callable[[], bool] = lambda: False) -> int:
        """Take what is complete, and write the answers that are due; gives how many files were taken.

        `now` is a moment of time.monotonic, the present one unless given; `stop` is asked before each file. What cannot
        be taken is told in the log, and tried again.
        """
        now = time.monotonic() if now is None else now
        self._finish_what_was_begun()
        places = dict(self._places())
        owners = {one: account for folder, account in places.items() for one in self._dropped(folder, account)}
        count = 0
        for one in self._settling.settled(owners, now):
            if stop():
                break
            count += self._taken(one, owners[one], now)
        answer_watched({account.pk: folder for folder, account in places.items()}, self._drafts)
        return count

    def _finish_what_was_begun(self) -> None:
        for begun in uploads.waiting(self._base):
            try:
                if delivery := finish(begun):
                    _log.info("%r, taken before, is delivery %s", delivery.file_name, delivery.pk)
            except Exception as error:  # what is behind it goes on
                self._said.say(f"{begun.facts['name']!r}, taken before", f"no delivery yet ({why(error)})")

    def _places(self) -> Iterator[tuple[Path, FileAccount]]:
        """Each folder that may be taken from, with whose it is."""
        asked = self._asked
        folders = {asked.account: asked.folder} if asked.account else self._folders()
        known = FileAccount.objects.filter(name__in=[*folders], active=True).select_related("customer")
        owners = {one.name: one for one in (known.filter(customer__name=asked.customer) if asked.customer else known)}
        for name, folder in folders.items():
            if name not in owners:
                whose = f" of {asked.customer}" if asked.customer else ""
                self._said.say(
                    f"folder {name!r}", f"left alone: there is no such account{whose}, or it is switched off"
                )
            elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                self._said.say(
                    f"folder {name!r}", "left alone: we may not write there, so nothing can be taken away from it"
                )
            else:
                self._sweep(folder)
                yield folder, owners[name]

    def _folders(self) -> Mapping[str, Path]:
        folders = {}
        try:
            with os.scandir(self._asked.folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False) and entry.name.isascii():
                        folders[entry.name] = self._asked.folder / entry.name
                    elif not entry.name.startswith("."):
                        self._said.say(f"{entry.name!r}", "left alone: it is no folder of an account")
        except OSError as error:
            self._said.say(str(self._asked.folder), why(error))
        return folders

    def _sweep(self, folder: Path) -> None:
        """Once: what a process that was killed has left of an answer."""
        if folder not in self._swept:
            self._swept.add(folder)
            dropped_files.sweep(folder)

    def _dropped(self, folder: Path, account: FileAccount) -> list[Dropped]:
        def left_alone(name: str, why: str) -> None:
            self._said.say(f"{account.name}: {name!r}", f"left alone: {why}")

        try:
            return self._looking.into(folder, left_alone)
        except OSError as error:
            self._said.say(f"folder {account.name!r}", why(error))
            return []

    def _taken(self, one: Dropped, account: FileAccount, now: float) -> bool:
        try:
            self._refuse_full_disk(one)
            delivery = take_away(self._base, one, account)
        except StillChanging:
            self._not_yet(one, account, now, "somebody is still writing to it")
        except Exception as error:  # what is behind it goes on
            self._not_yet(one, account, now, why(error))
        else:
            if delivery:
                facts = (account.name, one.name, one.stamp.size, delivery.pk)
                _log.info("%s: %r taken, %d bytes, delivery %s", *facts)
            return delivery is not None
        return False

    def _not_yet(self, one: Dropped, account: FileAccount, now: float, why: str) -> None:
        self._settling.put_off(one, now)
        self._said.say(f"{account.name}: {one.name!r}", f"not taken yet: {why}")

    def _refuse_full_disk(self, one: Dropped) -> None:
        disk = os.statvfs(self._base)
        if disk.f_bavail * disk.f_frsize < self._free + one.stamp.size:
            raise NotAllowed("there is no room on our disk", "er is geen ruimte op onze schijf")


def _found(asked: Asked) -> Asked:
    """What is asked, where all that it names is there."""
    if not asked.folder.is_dir():
        raise NotFound(f"There is no folder {asked.folder}.", f"Er is geen map {asked.folder}.")
    owner = find.customer(asked.customer) if asked.customer else None
    account = accounts.account(asked.account) if asked.account else None
    if owner and account and account.customer != owner:
        raise NotFound(
            f"{owner.name} has no account {account.name}.", f"{owner.name} heeft geen account {account.name}."
        )
    return asked._replace(folder=asked.folder.resolve(), account=account.name if account else "")


def _lock(base: Path, folder: Path) -> BinaryIO:
    try:
        return sole(base / "in-use")
    except BlockingIOError as error:
        raise NotAllowed(
            f"Another process is watching {folder} already.", f"Een ander proces bewaakt {folder} al."
        ) from error
