"""What the site answered: each with its time, and what was wrong with it."""

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

Span = tuple[float, float]
"""From when to when, in seconds since the epoch."""


class Answer(NamedTuple):
    what: str  # page, operation or command, without names and ids
    at: float  # seconds since the epoch
    seconds: float
    wrong: str  # "" where it was an answer that one may expect


class Answers:
    """Filled by many threads at once."""

    def __init__(self) -> None:
        self.all: list[Answer] = []

    def add(self, what: str, began: float, wrong: str = "") -> None:
        """One that ends now. `began` is of the clock `time.time`, as the steps in the database are."""
        self.all.append(Answer(what, began, time.time() - began, wrong))

    def errors(self) -> list[str]:
        return [f"{clock(one.at)} {one.what}: {one.wrong}" for one in self.all if one.wrong]

    def table(self, steps: Sequence[Span]) -> dict[str, dict[str, Any]]:
        """The times in milliseconds of each kind of answer: of all, and of those beside a step of a worker and not."""
        spans = _Spans(steps)
        found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
        for one in self.all:
            is_beside = spans.meet(one.at, one.at + one.seconds)
            found[one.what].append((one.seconds, is_beside))
            found[f"all of {one.what.partition(' ')[0]}"].append((one.seconds, is_beside))
        return {what: _row(times) for what, times in sorted(found.items())}


class _Spans:
    """Steps as spans that do not overlap."""

    def __init__(self, steps: Sequence[Span]) -> None:
        self._steps: list[Span] = []
        for begin, end in sorted(steps):
            if self._steps and begin <= self._steps[-1][1]:
                self._steps[-1] = (self._steps[-1][0], max(end, self._steps[-1][1]))
            else:
                self._steps.append((begin, end))

    def meet(self, begin: float, end: float) -> bool:
        return any(first < end and begin < last for first, last in self._steps)


def share(steps: Sequence[Span], begin: float, end: float) -> float:
    """Of the time between two moments, how much some step took."""
    within = [(max(first, begin), min(last, end)) for first, last in _Spans(steps)._steps]
    return sum(last - first for first, last in within if first < last) / (end - begin)


def clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S")


def _row(times: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    parts = {"all": [one for one, _ in times]}
    parts |= {
        name: [one for one, is_beside in times if is_beside is wanted]
        for name, wanted in (("beside", True), ("alone", False))
    }
    return {name: _percentiles(found) for name, found in parts.items()}


def _percentiles(found: Sequence[float]) -> dict[str, int]:
    times = sorted(1000 * one for one in found)
    ranks = {f"p{rank}": times[min(len(times) - 1, len(times) * rank // 100)] for rank in (50, 95, 99)} if times else {}
    return {"count": len(times), **{name: round(one) for name, one in ranks.items()}}
