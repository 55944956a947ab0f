"""The workers of these tests."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.doors.worker.worker_processes import Worker  # models: loaded when Django is set up


@pytest.fixture
def start(tmp_path: Path) -> "Iterator[Callable[..., Worker]]":
    """Start a worker, or another program that works, on a port of its own."""
    from tests.doors.worker.worker_processes import Worker

    started: list[Worker] = []

    def start(program: str = "worker", port: int = 0) -> Worker:
        started.append(Worker(tmp_path / f"process-{len(started)}.log", program, port))
        return started[-1]

    yield start
    for one in started:
        one.ended(signal.SIGKILL)
