"""Charts as SVG, drawn on the server: columns by day, and bars. Beside each stands a table."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from django.utils import timezone

from instroom.flow.delivery.states import OUTCOMES
from instroom.flow.queries import nights
from instroom.flow.queries.figures import Day, StepTimes
from instroom.flow.queries.operator_overview import WaitingDelivery

WIDTH: Final = 600  # units of a picture
HEIGHT: Final = 120
_STEPS_OF_A_SCALE: Final = (1, 2, 5, 10)


class ColumnPart(NamedTuple):
    name: str
    y: float
    height: float


class Column(NamedTuple):
    date: date
    x: float
    width: float
    parts: list[ColumnPart]


class Columns(NamedTuple):
    """A column chart, the first day on the left."""

    columns: list[Column]
    top: int
    """What the full height stands for."""
    total: int

    @property
    def dates(self) -> list[date]:
        """The first, the middle and the last, to write below."""
        days = [one.date for one in self.columns]
        return [days[0], days[len(days) // 2], days[-1]]

    @property
    def shapes(self) -> dict[str, str]:
        """For each name one path of all its parts: far less to write and draw than a shape for each part."""
        paths: dict[str, str] = {}
        for column in self.columns:
            for part in column.parts:
                box = f"M{column.x} {part.y}h{column.width}v{part.height}h-{column.width}z"
                paths[part.name] = paths.get(part.name, "") + box
        return paths


class Wait(NamedTuple):
    """How long a delivery waits, as a bar."""

    waits: WaitingDelivery
    width: float


class StepBar(NamedTuple):
    """How long a step takes, as two bars: the median, drawn over the 95th percentile."""

    step: StepTimes
    median: float
    p95: float


def of_deliveries(days: Sequence[Day]) -> Columns:
    """Deliveries by day, each column divided by outcome."""
    return _columns([(day.date, day.outcomes) for day in days])


def of_records(days: Sequence[Day]) -> Columns:
    return _columns([(day.date, {"records": day.records}) for day in days])


def of_nights(days: Sequence[nights.Day]) -> Columns:
    """The times of connections by day, each column divided by what became of them."""
    return _columns([(day.date, {str(name): amount for name, amount in day.outcomes.items()}) for day in days])


def totals_of(days: Sequence[Day]) -> dict[str, int]:
    """Deliveries by outcome, of all days together."""
    return {name: sum(day.outcomes[name] for day in days) for name in OUTCOMES}


def of_waiting(waiting: Sequence[WaitingDelivery]) -> list[Wait]:
    """A bar for each waiting delivery; the longest has the full width."""
    now = timezone.now()
    seconds = [max((now - one.since).total_seconds(), 1.0) for one in waiting]
    return [Wait(one, _share(took, max(seconds))) for one, took in zip(waiting, seconds, strict=True)]


def of_steps(steps: Sequence[StepTimes]) -> list[StepBar]:
    """Bars for each step, on one scale."""
    longest = max((one.p95 for one in steps), default=0.0)
    return [StepBar(one, _share(one.median, longest), _share(one.p95, longest)) for one in steps]


def _columns(days: Sequence[tuple[date, Mapping[str, int]]]) -> Columns:
    top = _round_top(max(sum(values.values()) for _, values in days))
    step = WIDTH / len(days)
    columns = [
        Column(day, round(number * step + step * 0.15, 2), round(step * 0.7, 2), _stacked(values, top))
        for number, (day, values) in enumerate(days)
    ]
    return Columns(columns, top, sum(sum(values.values()) for _, values in days))


def _stacked(values: Mapping[str, int], top: int) -> list[ColumnPart]:
    parts: list[ColumnPart] = []
    below = float(HEIGHT)
    for name, amount in values.items():
        if amount:
            height = HEIGHT * amount / top
            below -= height
            parts.append(ColumnPart(name, round(below, 2), round(height, 2)))
    return parts


def _round_top(most: int) -> int:
    """A round number that is not lower: 1, 2, 5, 10, 20, 50, …"""
    power = int(10 ** (len(str(most)) - 1))
    return next(step * power for step in _STEPS_OF_A_SCALE if step * power >= most)


def _share(value: float, whole: float) -> float:
    return round(WIDTH * value / whole, 2) if whole else 0.0
