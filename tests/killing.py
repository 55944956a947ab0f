"""Kills a process (SIGKILL) at each of many points on its way, so that what is left behind can be looked at."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from django.db import connections

OURS = ("instroom.flow", "instroom.store")
DATABASE = ("execute", "executemany", "commit", "copy", "write_row", "fsync", "rename", "replace")


def forked(work: Callable[[], object], watch: Callable[..., None] | None) -> int:
    """Do the work in a process of its own, with connections of its own; gives how it ended, as os.waitpid does."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        status = 70
        try:
            sys.setprofile(watch)
            work()
            sys.setprofile(None)
            connections.close_all()
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1]


def is_point(frame: FrameType, event: str, argument: Any) -> bool:
    """Where a process may be killed: at each of our own steps, and at each call that reaches database or disk."""
    if event == "c_call":
        return argument.__name__ in DATABASE
    name = frame.f_globals.get("__name__", "")
    return event in ("call", "return") and (name.startswith(OURS) or frame.f_code.co_name in DATABASE)


def count_points(work: Callable[[], object], tmp_path: Path) -> int:
    """How many points there are on the way of `work`."""
    out, count = tmp_path / "count", 0

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += is_point(frame, event, argument)

    def counted() -> None:
        work()
        sys.setprofile(None)
        out.write_text(str(count))

    assert forked(counted, watch) == 0
    return int(out.read_text())


def kill_at(point: int, work: Callable[[], object]) -> None:
    """Do the work in another process and kill that at its n-th point."""
    passed = 0

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal passed
        passed += is_point(frame, event, argument)
        if passed == point:
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)

    assert os.WTERMSIG(forked(work, watch)) == signal.SIGKILL


def points(total: int, how_many: int) -> Iterator[int]:
    """Spread over the way, from the first to nearly the last: what the first process found out, the next ones know."""
    total -= total // 50
    return iter(sorted({1 + round(index * (total - 1) / (how_many - 1)) for index in range(how_many)}))
