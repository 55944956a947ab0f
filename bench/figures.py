"""What has been measured: figures with their targets, as a table for the terminal and for the reference."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from bench.processes import Run


class Figure(NamedTuple):
    """One line of the table."""

    what: str
    value: str  # the median, such as `0.62 s`
    beside: str  # what it is held against, with its median
    ratio: str
    target: str  # empty: told, not asked
    holds: bool | None


class Steps(NamedTuple):
    """Where the time of a figure goes: the median of each step."""

    what: str
    seconds: dict[str, float]


def steps(what: str, runs: Sequence[Run]) -> Steps:
    """The steps that the measured processes tell of."""
    told = [one.answer["steps"] for one in runs]
    return Steps(what, {name: statistics.median(one[name] for one in told) for name in told[0]})


def seconds(value: float) -> str:
    """Such as `1.35 s`, `85 ms` or `0.4 ms`."""
    if value >= 1:
        return f"{value:.2f} s"
    return f"{value * 1000:.0f} ms" if value >= 0.001 else f"{value * 1000:.1f} ms"


def faster(what: str, ours: float, beside: str, theirs: float, target: float | None = None) -> Figure:
    """How many times faster than a peer; the target is a least."""
    ratio = theirs / ours
    wanted = f"≥ {target:g} ×" if target else ""
    held = f"{beside}: {seconds(theirs)}"
    return Figure(what, seconds(ours), held, f"{ratio:.1f} × faster", wanted, ratio >= target if target else None)


def at_most(what: str, ours: float, beside: str, theirs: float, target: float | None = None) -> Figure:
    """How many times what it is held against; the target is a most."""
    ratio = ours / theirs
    wanted = f"≤ {target:g} ×" if target else ""
    held = f"{beside}: {seconds(theirs)}"
    return Figure(what, seconds(ours), held, f"{ratio:.2f} ×", wanted, ratio <= target if target else None)


def memory(what: str, peak_mb: float, target: float | None = None) -> Figure:
    """A peak of memory; the target is a most."""
    wanted = f"≤ {target:g} MB" if target else ""
    return Figure(what, f"{peak_mb:.0f} MB", "", "", wanted, peak_mb <= target if target else None)


def within(what: str, middle: float, slow: float, target: float) -> Figure:
    """How long a page takes, in half of the cases (p50) and in all but one of twenty (p95); the target is for p95."""
    return Figure(what, seconds(middle), "", f"p95 {seconds(slow)}", f"≤ {seconds(target)}", slow <= target)


def told(what: str, value: str, beside: str = "", ratio: str = "") -> Figure:
    """What is told and has no target."""
    return Figure(what, value, beside, ratio, "", None)


HEADER = ("what", "median", "beside it", "ratio", "target", "holds")


def _cells(figure: Figure) -> tuple[str, ...]:
    return (*figure[:5], {True: "yes", False: "**no**", None: ""}[figure.holds])


def markdown(figures: Sequence[Figure]) -> str:
    """The table as Markdown."""
    lines = [HEADER, tuple("---" for _ in HEADER), *map(_cells, figures)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def terminal(figures: Sequence[Figure]) -> str:
    """The table in columns of equal width."""
    lines = [HEADER, *map(_cells, figures)]
    widths = [max(len(cells[column]) for cells in lines) for column in range(len(HEADER))]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)) for cells in lines
    )


def where_the_time_goes(told: Sequence[Steps]) -> str:
    """The steps as a list in Markdown."""
    lines = [(one.what, ", ".join(f"{name} {seconds(value)}" for name, value in one.seconds.items())) for one in told]
    return "\n".join(f"- {what}: {parts}" for what, parts in lines)
