"""The server of these tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.doors.ftp.quay import Quay


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Callable[..., Quay]]":
    """Start a server; keywords change its settings."""
    from tests.doors.ftp.quay import Quay

    from instroom.doors.ftp.signing_in import FileSession

    monkeypatch.setattr(FileSession, "auth_failed_timeout", 0.1)  # three seconds for everybody else
    started: list[Quay] = []

    def start(**changes: Any) -> Quay:
        started.append(Quay(tmp_path, **changes))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def quay(start: "Callable[..., Quay]") -> "Quay":
    """A server as it usually is."""
    return start()
