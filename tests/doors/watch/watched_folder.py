"""Where another server drops files in the tests: a folder, a customer with accounts, and a watcher with a clock of its
own."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.database import mark_uploads
from tests.doors.ftp.ftp_server import add_account
from tests.kept_files import kept

from instroom.config.file_server import FileServerSettings, file_server
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.reports import make_asked
from instroom.flow.file_server.watched_folder import Watcher, WatchOptions
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store.models import Delivery, FileAccount

SETTLE = 10.0


class WatchedFolder:
    """The customer `demo` with the account `hr`, which has a folder; and the account `buur` of another customer."""

    def __init__(self, place: Path, **asked: Any) -> None:
        self.folder = place / "incoming"
        self.hr = self.folder / "hr"
        self.settings: FileServerSettings = file_server()._replace(folder=place / "own", free=0)
        if add_customer("demo", "Demo", DEMO_USERS):
            add_account("hr")
            add_customer("buren", "Buren", {})
            add_account("buur", "buren")
        mark_uploads(self.settings.folder)
        self.hr.mkdir(parents=True)
        self._asked = asked
        self._clock = 0.0
        self.watcher = self.start()

    def start(self, **changes: Any) -> Watcher:
        """A watcher, as after a start of its process."""
        asked = {"settle": SETTLE, **self._asked, **changes}
        self.stop()
        self.watcher = Watcher(WatchOptions(asked.pop("folder", self.folder), **asked), self.settings)
        return self.watcher

    def stop(self) -> None:
        """Its process ends."""
        if hasattr(self, "watcher"):
            self.watcher.close()

    def drop(self, name: str | bytes, content: bytes = b"a;b\r\n", account: str = "hr") -> Path:
        """A file comes under its own name."""
        folder = self.folder / account
        path = folder / (name if isinstance(name, str) else name.decode("utf-8", "surrogateescape"))
        path.write_bytes(content)
        return path

    def look(self, after: float = 0) -> int:
        """The watcher looks, so many seconds after it looked last."""
        self._clock += after
        return self.watcher.look(self._clock)

    def settle(self) -> int:
        """Look until all that is complete has been taken."""
        return self.look() + self.look(SETTLE)

    def remaining(self, account: str = "hr") -> list[str]:
        """What lies in the folder of an account."""
        return sorted(one.name for one in (self.folder / account).iterdir())

    def under_way(self) -> list[Path]:
        """What is under way between the folder and its delivery."""
        return [one for name in ("handover", "answers") for one in self.settings.folder.glob(f"watch/*/{name}/*")]


def delivered() -> list[tuple[str, bytes]]:
    """The names and bytes of what has become a delivery, in order."""
    return [(one.file_name, kept(one)) for one in Delivery.objects.order_by("pk")]


def carry_on() -> None:
    """What the worker does."""
    while advance_all():
        continue
    make_asked()


def switch_off(name: str) -> None:
    """The account may come in no longer."""
    FileAccount.objects.filter(name=name).update(active=False)


@contextmanager
def log_of(name: str) -> Iterator[list[str]]:
    """What is told in a log meanwhile."""
    told: list[str] = []

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record.getMessage())

    handler = Listening()
    logging.getLogger(name).addHandler(handler)
    try:
        yield told
    finally:
        logging.getLogger(name).removeHandler(handler)
