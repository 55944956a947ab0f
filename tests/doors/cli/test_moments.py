"""The moments of `--at` (product.md D4)."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from instroom.doors.cli.moments import moment
from instroom.doors.cli.wrong_use import WrongUse


def test_now_is_no_moment_to_wait_for() -> None:
    assert moment("now") is None


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2130-07-01 20:00", "2130-07-01T18:00:00+00:00"),  # summer time of Amsterdam
        ("2130-01-31T20:00", "2130-01-31T19:00:00+00:00"),
        ("2130-01-31T20:00:00Z", "2130-01-31T20:00:00+00:00"),
        ("2130-01-31 20:00-05:00", "2130-02-01T01:00:00+00:00"),
        ("2130-01-31", "2130-01-30T23:00:00+00:00"),
        ("31-01-2130 20:00", "2130-01-31T19:00:00+00:00"),  # as it is written in Dutch
    ],
)
def test_a_moment_is_that_of_the_clock_here_unless_it_says_where(text: str, utc: str) -> None:
    assert moment(text) == datetime.fromisoformat(utc)


@pytest.mark.parametrize("text", ["00:00", "20:00", "12:34:56"])
def test_a_time_of_day_is_the_next_one(text: str) -> None:
    now, at = timezone.localtime(), moment(text)
    assert at is not None
    assert at.isoformat().split("T")[1].startswith(text)
    assert now < at <= timezone.localtime() + timedelta(hours=25)


@pytest.mark.parametrize(
    "text",
    [*("", "soon", "25:00", "2130-13-01", "31-13-2130 20:00", "2001-01-01 20:00", "9" * 30), "9999-12-31 23:59-12:00"],
)
def test_anything_else_is_wrong_use(text: str) -> None:
    with pytest.raises(WrongUse):
        moment(text)
