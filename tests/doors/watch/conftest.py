"""The folders of these tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.doors.watch.watched_folder import WatchedFolder


@pytest.fixture
def watch(tmp_path: Path) -> "Iterator[Callable[..., WatchedFolder]]":
    """Watch a folder; keywords are what is asked of the watcher."""
    from tests.doors.watch.watched_folder import WatchedFolder

    made: list[WatchedFolder] = []

    def watch(**asked: Any) -> WatchedFolder:
        made.append(WatchedFolder(tmp_path / str(len(made)), **asked))
        return made[-1]

    yield watch
    for one in made:
        one.stop()


@pytest.fixture
def watched(watch: "Callable[..., WatchedFolder]") -> "WatchedFolder":
    """A folder as it usually is."""
    return watch()


@pytest.fixture
def log() -> Iterator[list[str]]:
    """What the watcher tells in its log."""
    from tests.doors.watch.watched_folder import log_of

    with log_of("instroom.watch") as told:
        yield told
