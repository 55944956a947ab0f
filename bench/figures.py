"""Measured figures with their targets, as a table for the terminal and for the reference."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from bench.processes import Run


class Figure(NamedTuple):
    """A measured figure: one line of the table."""

    what: str
    value: str  # the median, such as `0.62 s`
    beside: str  # the peer or floor that it is compared with, with its median
    ratio: str
    target: str  # empty for a figure without a target
    holds: bool | None


class Steps(NamedTuple):
    """The time of a figure by step: the median of each."""

    what: str
    seconds: dict[str, float]


def steps(what: str, runs: Sequence[Run]) -> Steps:
    """The steps that the measured processes report."""
    found = [run.answer["steps"] for run in runs]
    return Steps(what, {name: statistics.median(each[name] for each in found) for name in found[0]})


def seconds(value: float) -> str:
    """Such as `1.35 s`, `85 ms` or `0.4 ms`."""
    if value >= 1:
        return f"{value:.2f} s"
    return f"{value * 1000:.0f} ms" if value >= 0.001 else f"{value * 1000:.1f} ms"


def faster(what: str, ours: float, beside: str, theirs: float, target: float | None = None) -> Figure:
    """How many times faster than a peer; the target is a minimum."""
    ratio = theirs / ours
    wanted = f"≥ {target:g} ×" if target else ""
    held = f"{beside}: {seconds(theirs)}"
    return Figure(what, seconds(ours), held, f"{ratio:.1f} × faster", wanted, ratio >= target if target else None)


def at_most(what: str, ours: float, beside: str, theirs: float, target: float | None = None) -> Figure:
    """How many times the time that it is compared with; the target is a maximum."""
    ratio = ours / theirs
    wanted = f"≤ {target:g} ×" if target else ""
    held = f"{beside}: {seconds(theirs)}"
    return Figure(what, seconds(ours), held, f"{ratio:.2f} ×", wanted, ratio <= target if target else None)


def memory(what: str, peak_mb: float, target: float | None = None) -> Figure:
    """The peak of a process's memory; the target is a maximum."""
    wanted = f"≤ {target:g} MB" if target else ""
    return Figure(what, f"{peak_mb:.0f} MB", "", "", wanted, peak_mb <= target if target else None)


def within(what: str, middle: float, slow: float, target: float) -> Figure:
    """The time of a page: median (p50) and 95th percentile (p95). The target is for p95."""
    return Figure(what, seconds(middle), "", f"p95 {seconds(slow)}", f"≤ {seconds(target)}", slow <= target)


def untargeted(what: str, value: str, beside: str = "", ratio: str = "") -> Figure:
    """A figure that has no target."""
    return Figure(what, value, beside, ratio, "", None)


HEADER = ("what", "median", "beside it", "ratio", "target", "holds")


def _cells(figure: Figure) -> tuple[str, ...]:
    return (*figure[:5], {True: "yes", False: "**no**", None: ""}[figure.holds])


def markdown(figures: Sequence[Figure]) -> str:
    lines = [HEADER, tuple("---" for _ in HEADER), *map(_cells, figures)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def terminal(figures: Sequence[Figure]) -> str:
    """The table in columns of equal width."""
    lines = [HEADER, *map(_cells, figures)]
    widths = [max(len(cells[column]) for cells in lines) for column in range(len(HEADER))]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)) for cells in lines
    )


def steps_markdown(measured: Sequence[Steps]) -> str:
    """The steps as a list in Markdown."""
    lines = [(each.what, (f"{name} {seconds(value)}" for name, value in each.seconds.items())) for each in measured]
    return "\n".join(f"- {what}: {', '.join(parts)}" for what, parts in lines)
