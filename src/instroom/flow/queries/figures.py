"""The figures of an operator: deliveries per day and outcome, their records, and how long each step takes."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil
from typing import Final, NamedTuple

from django.utils import timezone

from instroom.flow.delivery.states import OUTCOMES, TIMED_STEPS
from instroom.flow.site_clock import moment_on
from instroom.store.models import Customer
from instroom.store.sql import figures
from instroom.store.states import State

DAYS: Final = 30
LATEST: Final = 1000
"""The steps of so many deliveries are looked at: the figures stay as quick however many there are."""
_OUTCOME_OF: Final = {state: name for name, states in OUTCOMES.items() for state in states}


class Day(NamedTuple):
    """What was delivered on one day, on the clock of this site."""

    date: date
    outcomes: dict[str, int]
    """Deliveries for each of OUTCOMES, also where there are none."""
    records: int


class StepTimes(NamedTuple):
    """How long one step takes, in seconds."""

    name: str
    """The state in which it is done: one of `states.TIMED_STEPS`."""
    deliveries: int
    median: float
    p95: float
    """95 of 100 deliveries took no longer."""


def days(customers: Sequence[Customer]) -> list[Day]:
    """The last DAYS days, today the last of them."""
    today = timezone.localdate()
    dates = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    found = [Day(one, dict.fromkeys(OUTCOMES, 0), 0) for one in dates]
    for one in figures.count_by_period([customer.pk for customer in customers], [moment_on(one) for one in dates]):
        day = found[one.period]
        day.outcomes[_OUTCOME_OF[State(one.state)]] += one.deliveries
        found[one.period] = day._replace(records=day.records + one.records)
    return found


def steps(customers: Sequence[Customer]) -> list[StepTimes]:
    """Each step that was taken, of the LATEST deliveries of those days."""
    since = moment_on(timezone.localdate() - timedelta(days=DAYS - 1))
    rows = figures.latest_step_seconds([customer.pk for customer in customers], since, LATEST)
    found = []
    for name in TIMED_STEPS:
        if seconds := sorted(row[name] for row in rows if name in row):
            found.append(StepTimes(name, len(seconds), _quantile(seconds, 50), _quantile(seconds, 95)))
    return found


def _quantile(rising: Sequence[float], percent: int) -> float:
    """The least of them that so many percent do not exceed (nearest rank)."""
    return rising[ceil(len(rising) * percent / 100) - 1]
