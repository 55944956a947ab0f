"""A plugin of pytest that runs pyftpdlib's own functional tests against our sessions (see CONTRIBUTING.md).

Our folder stands in it over the directory in which they run, and shows what they put there themselves. What fails is
held against the list of what differs on purpose: the run is good when both are the same.
"""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instroom.config.settings")
django.setup()

import pyftpdlib.filesystems  # noqa: E402
import pyftpdlib.handlers  # noqa: E402
from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: E402

from instroom.doors.ftp.data import DataChannel  # noqa: E402
from instroom.doors.ftp.folder import AccountFolder  # noqa: E402
from instroom.doors.ftp.sessions import Sessions  # noqa: E402
from instroom.doors.ftp.tls import Tls  # noqa: E402
from instroom.doors.ftp.tls_commands import TlsSession  # noqa: E402
from instroom.doors.ftp.uploading import UploadSession  # noqa: E402
from instroom.flow.delivery.room import UploadRoom  # noqa: E402
from instroom.flow.file_server.certificate import Certificate  # noqa: E402
from instroom.store import data_keys  # noqa: E402
from instroom.store.files.uploads import AccountFolders  # noqa: E402

KEY = data_keys.DataKey(1, AESGCM(bytes(32)))
data_keys.by_id = lambda _: KEY  # type: ignore[assignment]
BASE = Path(tempfile.mkdtemp(prefix="instroom-upstream-"))


class AtOnce:
    """In place of threads: their tests look at the disk as soon as they have their answer."""

    def run(self, job: Callable[[], Any], then: Callable[[Any, BaseException | None], None]) -> bool:
        """Do the job now."""
        then(job(), None)
        return True


class TheirFolder(AccountFolders):
    """The directory in which their tests run."""

    @property
    def folder(self) -> Path:
        """Where they look for files."""
        return Path.cwd()

    def used(self) -> int:
        """It has other things too."""
        return 0

    entries = used


class OpenFolder(AccountFolder):
    """Shows all there is."""

    def __init__(self, root: str, cmd_channel: Any) -> None:
        super().__init__(root, cmd_channel)
        self.folders = TheirFolder(BASE, "theirs")
        self.folders.make()

    def _is_visible(self, path: str) -> bool:
        return os.path.lexists(path)


class _Ours:
    abstracted_fs, dtp_handler = OpenFolder, DataChannel
    active_to_own_host = True
    sessions, files, base, patience = Sessions(lambda one: None), AtOnce(), BASE, 0.01
    room = UploadRoom(1 << 40, KEY)
    stall = property(lambda self: self.dtp_handler.timeout or 3600)


class FTPHandler(_Ours, UploadSession):
    """In the place of theirs."""


class TLS_FTPHandler(_Ours, TlsSession):  # noqa: N801
    """In the place of theirs."""

    certfile = ""
    _tls: Tls | None = None

    @property
    def tls(self) -> Tls:  # type: ignore[override]
        """With the certificate that they bring."""
        kind = type(self)
        kind._tls = kind._tls or Tls(Certificate(Path(self.certfile), Path(self.certfile)))
        return kind._tls


DataChannel.timeout = 300
for name, ours in (("FTPHandler", FTPHandler), ("TLS_FTPHandler", TLS_FTPHandler)):
    setattr(pyftpdlib.handlers, name, ours)
for name in ("DTPHandler", "TLS_DTPHandler"):
    setattr(pyftpdlib.handlers, name, DataChannel)
pyftpdlib.filesystems.AbstractedFS = OpenFolder  # to which they reset their servers, and which they derive

EXPLANATION = Path(__file__).parents[3] / "docs" / "explanation" / "when-an-upload-is-whole.md"
FAILED: list[str] = []


def listed() -> set[str]:
    """The tests that differ on purpose."""
    section = EXPLANATION.read_text(encoding="utf-8").partition("## What differs from pyftpdlib")[2]
    return set(re.findall(r"`(test_\w+)`", section))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Take note of what fails."""
    if report.failed:
        FAILED.append(report.nodeid.rpartition("::")[2])


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """The run is good when what fails is what is listed."""
    if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        session.exitstatus = int(set(FAILED) != listed())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how the two compare."""
    write = terminalreporter.write_line
    write(f"{sum(one in listed() for one in FAILED)} tests differ on purpose, of {len(listed())} names")
    write(f"fail, and are not listed: {', '.join(sorted(set(FAILED) - listed())) or 'none'}")
    write(f"are listed, and pass: {', '.join(sorted(listed() - set(FAILED))) or 'none'}")
