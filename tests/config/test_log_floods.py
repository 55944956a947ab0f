"""A line a minute for each kind of trouble: the first, and then how many more there were."""

import io
import logging
from collections.abc import Callable
from typing import Any

import pytest

from instroom.config.log_floods import MOST_OF_A_KIND, SparingHandler


class Log:
    """A log with a clock of its own, which says what becomes due as it goes on."""

    def __init__(self) -> None:
        self.time, self.due, self.stream = 1000.0, list[tuple[float, Callable[[], None]]](), io.StringIO()
        later = lambda seconds, work: self.due.append((self.time + seconds, work))  # noqa: E731
        self.handler = SparingHandler(self.stream, lambda: self.time, later)
        self.logger = logging.Logger("instroom.example")
        self.logger.addHandler(self.handler)

    def warn(self, message: str, **facts: Any) -> None:
        self.logger.warning(message, extra=facts)

    def go_on(self, seconds: float) -> None:
        end = self.time + seconds
        while ready := sorted((one for one in self.due if one[0] <= end), key=lambda one: one[0]):
            self.due.remove(ready[0])
            self.time, work = ready[0]
            work()
        self.time = end

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


@pytest.fixture
def log() -> Log:
    return Log()


def test_a_flood_is_a_line_a_minute_that_says_how_many_more_there_were(log: Log) -> None:
    for _ in range(180):
        log.warn("192.0.2.7: sign-in failed", kind="sign-in-failed", address="192.0.2.7")
        log.go_on(1)
    assert log.lines == [
        "192.0.2.7: sign-in failed",
        *["192.0.2.7: sign-in failed (59 more in 60 seconds)", "192.0.2.7: sign-in failed (60 more in 60 seconds)"],
        "192.0.2.7: sign-in failed (60 more in 60 seconds)",
    ]
    assert log.due == []


def test_what_comes_once_a_minute_is_all_said(log: Log) -> None:
    for _ in range(3):
        log.warn("the disk is full", kind="disk")
        log.go_on(60)
    assert (log.lines, log.due) == (["the disk is full"] * 3, [])


def test_after_a_flood_the_next_one_is_said_at_once(log: Log) -> None:
    log.warn("full", kind="disk")
    log.warn("full", kind="disk")
    log.go_on(120)
    log.warn("full", kind="disk")
    assert log.lines == ["full", "full (1 more in 60 seconds)", "full"]


def test_kind_and_subject_decide_and_the_text_does_not(log: Log) -> None:
    log.warn("one text", kind="disk", customer=1)
    log.warn("another text", kind="disk", customer=1)
    log.warn("another customer", kind="disk", customer=2)
    log.warn("another kind", kind="database", customer=1)
    assert log.lines == ["one text", "another customer", "another kind"]


def test_without_a_kind_it_is_the_place_in_the_code_and_what_broke_where(log: Log) -> None:
    def breaks(error: Exception) -> None:
        try:
            raise error
        except Exception:
            log.logger.exception("a step")

    for error in (ValueError(), KeyError(), ValueError()):
        breaks(error)
    for number in range(3):
        log.warn(f"text {number}")
    log.logger.warning("another line")
    said = [line for line in log.lines if line.startswith(("a step", "text", "another"))]
    assert said == ["a step", "a step", "text 0", "another line"]


def test_of_many_subjects_of_one_kind_the_rest_is_counted_together(log: Log) -> None:
    for _ in range(2):
        for number in range(1000):
            log.warn(f"198.51.100.{number}: failed", kind="sign-in-failed", address=number)
    assert len(log.lines) == MOST_OF_A_KIND + 1
    log.go_on(60)
    assert len(log.lines) == 2 * (MOST_OF_A_KIND + 1)
    assert log.lines[-1].endswith(f": failed ({2 * (1000 - MOST_OF_A_KIND) - 1} more in 60 seconds)")
    log.go_on(60)
    assert log.due == []


def test_what_is_no_trouble_is_all_said(log: Log) -> None:
    for _ in range(3):
        log.logger.info("taken")
    assert log.lines == ["taken"] * 3


def test_where_no_thread_can_be_started_the_next_line_sees_to_it(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(log.handler, "_later", refuses)
        log.warn("full", kind="limits")
        log.warn("full", kind="limits")
    log.warn("full", kind="limits")
    log.go_on(60)
    assert log.lines == ["full", "full (2 more in 60 seconds)"]


def test_at_the_end_what_was_held_back_is_said(log: Log) -> None:
    for _ in range(3):
        log.warn("full", kind="disk")
    log.go_on(5)
    log.handler.close()
    assert log.lines == ["full", "full (2 more in 5 seconds)"]


def test_after_its_end_no_thread_is_begun(log: Log) -> None:
    log.handler.close()
    for _ in range(2):
        log.warn("left open")
    assert (log.lines, log.due) == (["left open"], [])
