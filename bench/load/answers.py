"""What the site answered: each with its time, and what was wrong with it."""

import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

Span = tuple[float, float]
"""From when to when, in seconds since the epoch."""


class Answer(NamedTuple):
    what: str  # page, operation or command, without names and ids
    at: float  # seconds since the epoch
    seconds: float
    wrong: str  # "" where it was an answer that one may expect


class Answers(list[Answer]):
    """Filled by many threads at once."""

    def add(self, what: str, began: float, wrong: str = "") -> None:
        """One that ends now. `began` is of the clock `time.time`, as the steps in the database are."""
        self.append(Answer(what, began, time.time() - began, wrong))

    def errors(self) -> list[str]:
        return [f"{clock(one.at)} {one.what}: {one.wrong}" for one in self if one.wrong]

    def table(self, steps: Sequence[Span]) -> dict[str, dict[str, Any]]:
        """The times in milliseconds of each kind of answer: of all, and of those beside a step of a worker and not."""
        spans = joined(steps)
        found: dict[str, dict[str, list[float]]] = defaultdict(lambda: {"all": [], "beside": [], "alone": []})
        for one in self:
            place = bisect_left(spans, one.at, key=lambda span: span[1])  # the first that ends after it began
            is_beside = place < len(spans) and spans[place][0] < one.at + one.seconds
            for what in (one.what, f"all of {one.what.partition(' ')[0]}"):
                for name in ("all", "beside" if is_beside else "alone"):
                    found[what][name].append(1000 * one.seconds)
        return {what: {name: _percentiles(one) for name, one in row.items()} for what, row in sorted(found.items())}


def joined(steps: Iterable[Span]) -> list[Span]:
    """Steps as spans that do not overlap, in their order."""
    spans: list[Span] = []
    for begin, end in sorted(steps):
        if spans and begin <= spans[-1][1]:
            begin, end = spans[-1][0], max(end, spans.pop()[1])
        spans.append((begin, end))
    return spans


def share(steps: Iterable[Span], begin: float, end: float) -> float:
    """Of the time between two moments, how much some step took."""
    return sum(max(0, min(last, end) - max(first, begin)) for first, last in joined(steps)) / (end - begin)


def clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S")


def _percentiles(found: Iterable[float]) -> dict[str, int]:
    times = sorted(map(round, found))
    ranks = {f"p{rank}": times[min(len(times) - 1, len(times) * rank // 100)] for rank in (50, 95, 99)} if times else {}
    return {"count": len(times), **ranks}
