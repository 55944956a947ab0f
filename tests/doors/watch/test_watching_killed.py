"""A watcher that is killed (SIGKILL) anywhere, at its first file or at the next: each is delivered once, and whole."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doors.watch.watched_folder import SETTLE, WatchedFolder, delivered
from tests.killing import count_points, kill_at, points

CONTENTS = [b"een" * 1000, b"twee" * 1000]


def prepared(place: Path) -> tuple[WatchedFolder, Callable[[], object]]:
    """Two files that have settled, and the look that takes them. The watcher that saw them come is gone."""
    watched = WatchedFolder(place, with_marker=True)
    for number, content in enumerate(CONTENTS):
        watched.drop(f"{number}.csv", content)
        watched.drop(f"{number}.csv.ok", b"")
    watched.stop()

    def work() -> None:
        watched.start().look()

    return watched, work


def kill_everywhere(how_many: int, tmp_path: Path) -> None:
    """Kill the look at this many points, each in a folder of its own."""
    numbers = itertools.count()
    counts = [count_points(prepared(tmp_path / str(next(numbers)))[1], tmp_path) for _ in range(2)]
    total = min(counts) - 20  # no two looks are quite the same; the last steps change nothing any more
    assert total > how_many
    for point in points(total, how_many):
        watched, work = prepared(tmp_path / str(next(numbers)))
        before = len(delivered())
        kill_at(point, work)
        watched.start()
        watched.look(1)
        watched.look(SETTLE)
        wanted = [(f"{number}.csv", content) for number, content in enumerate(CONTENTS)]
        assert delivered()[before:] == wanted, f"after point {point} of {total}"
        assert watched.under_way() == [], f"after point {point} of {total}"
        assert [name for name in watched.remaining() if not name.endswith(".ok")] == []
        watched.stop()


def test_killed_on_the_way(tmp_path: Path) -> None:
    kill_everywhere(6, tmp_path)


@pytest.mark.slow
def test_killed_at_many_points(tmp_path: Path) -> None:
    kill_everywhere(80, tmp_path)
