"""The server of these tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.doors.ftp.ftp_server import FtpServer


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Callable[..., FtpServer]]":
    """Start a server; keywords change its settings."""
    from tests.doors.ftp.ftp_server import FtpServer

    from instroom.doors.ftp.signing_in import FileSession

    monkeypatch.setattr(FileSession, "auth_failed_timeout", 0.1)  # three seconds for everybody else
    started: list[FtpServer] = []

    def start(**changes: Any) -> FtpServer:
        started.append(FtpServer(tmp_path, **changes))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def server(start: "Callable[..., FtpServer]") -> "FtpServer":
    """A server as it usually is."""
    return start()
