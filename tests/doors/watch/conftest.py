"""The folders of these tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.doors.watch.jetty import Jetty


@pytest.fixture
def watch(tmp_path: Path) -> "Iterator[Callable[..., Jetty]]":
    """Watch a folder; keywords are what is asked of the watcher."""
    from tests.doors.watch.jetty import Jetty

    made: list[Jetty] = []

    def watch(**asked: Any) -> Jetty:
        made.append(Jetty(tmp_path / str(len(made)), **asked))
        return made[-1]

    yield watch
    for one in made:
        one.stop()


@pytest.fixture
def jetty(watch: "Callable[..., Jetty]") -> "Jetty":
    """A folder as it usually is."""
    return watch()


@pytest.fixture
def log() -> Iterator[list[str]]:
    """What the watcher tells in its log."""
    from tests.doors.watch.jetty import log_of

    with log_of("instroom.watch") as told:
        yield told
