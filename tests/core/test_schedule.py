"""When a periodic delivery is due: cases of the calendar and the clock, and laws for any schedule (E1, E2)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.schedule import SCHEDULE_KINDS, Schedule, WrongSchedule, next_times, schedule_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ZONES = ("Europe/Amsterdam", "Pacific/Apia", "Africa/Cairo", "America/Nuuk", "Australia/Lord_Howe", "UTC")


def clock(text: str) -> datetime:
    """A moment on the clock in Amsterdam; with an offset where it comes twice."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=AMSTERDAM) if at.tzinfo is None else at


@pytest.mark.parametrize(
    ("schedule", "after", "times"),
    [
        # the clock goes forward: 02:00 becomes 03:00
        ("daily 01:00", "2027-03-27T12:00", ["2027-03-28T01:00+01:00", "2027-03-29T01:00+02:00"]),
        ("daily 02:00", "2027-03-27T12:00", ["2027-03-28T03:00+02:00", "2027-03-29T02:00+02:00"]),
        ("daily 02:30", "2027-03-27T12:00", ["2027-03-28T03:30+02:00", "2027-03-29T02:30+02:00"]),
        ("daily 02:30", "2027-03-28T03:30", ["2027-03-29T02:30+02:00", "2027-03-30T02:30+02:00"]),
        ("daily 03:00", "2027-03-27T12:00", ["2027-03-28T03:00+02:00", "2027-03-29T03:00+02:00"]),
        ("weekly sun 02:30", "2027-03-27T12:00", ["2027-03-28T03:30+02:00", "2027-04-04T02:30+02:00"]),
        # the clock goes back: 03:00 becomes 02:00, and 02:30 comes twice
        ("daily 02:30", "2027-10-30T12:00", ["2027-10-31T02:30+02:00", "2027-11-01T02:30+01:00"]),
        ("daily 02:30", "2027-10-31T02:30+02:00", ["2027-11-01T02:30+01:00", "2027-11-02T02:30+01:00"]),
        ("daily 02:30", "2027-10-31T02:29+01:00", ["2027-11-01T02:30+01:00", "2027-11-02T02:30+01:00"]),
        ("daily 03:00", "2027-10-30T12:00", ["2027-10-31T03:00+01:00", "2027-11-01T03:00+01:00"]),
        # the calendar
        ("monthly 31 01:00", "2027-01-31T12:00", ["2027-02-28T01:00", "2027-03-31T01:00", "2027-04-30T01:00"]),
        ("monthly 30 01:00", "2028-01-30T12:00", ["2028-02-29T01:00", "2028-03-30T01:00"]),
        ("monthly 1 01:00", "2027-12-01T00:59", ["2027-12-01T01:00", "2028-01-01T01:00"]),
        ("weekly mon 00:00", "2027-05-02T23:59", ["2027-05-03T00:00", "2027-05-10T00:00"]),
        ("weekly ma 00:00", "2027-05-03T00:00", ["2027-05-10T00:00", "2027-05-17T00:00"]),
        ("daily 23:59", "2027-12-31T23:59", ["2028-01-01T23:59", "2028-01-02T23:59"]),
        ("arrival", "2027-05-03T00:00", []),
    ],
)
def test_the_next_times(schedule: str, after: str, times: list[str]) -> None:
    found = next_times(schedule_of(schedule), AMSTERDAM, clock(after), len(times) or 3)
    assert [due.at for due in found] == [clock(text).astimezone(UTC) for text in times]


def test_a_date_that_a_zone_skips_is_not_due() -> None:
    """Samoa went from 29 to 31 December 2011."""
    found = next_times(schedule_of("daily 01:00"), ZoneInfo("Pacific/Apia"), datetime(2011, 12, 28, 12, tzinfo=UTC))
    assert [due.local_date for due in found] == [date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1)]


schedules = st.builds(
    Schedule,
    st.sampled_from([kind for kind in SCHEDULE_KINDS if kind != "arrival"]),
    st.times().map(lambda at: time(at.hour, at.minute)),
    st.integers(0, 6),
    st.integers(1, 31),
)
moments = st.datetimes(datetime(2005, 1, 1), datetime(2036, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - strategy


@given(schedules, st.sampled_from(ZONES), moments)
def test_times_rise_and_a_local_date_comes_once(schedule: Schedule, zone: str, after: datetime) -> None:
    found = next_times(schedule, ZoneInfo(zone), after, 40 if schedule.kind == "daily" else 4)
    assert all(after < due.at for due in found)
    assert all(one.at < other.at and one.local_date < other.local_date for one, other in pairwise(found))


@given(schedules, st.sampled_from(ZONES), moments)
def test_whoever_asks_again_after_each_time_meets_the_same_times(
    schedule: Schedule, zone: str, after: datetime
) -> None:
    place = ZoneInfo(zone)
    found = next_times(schedule, place, after, 4)
    assert [next_times(schedule, place, due.at, 1)[0] for due in found[:-1]] == found[1:]


@given(st.times().map(lambda at: time(at.hour, at.minute)), moments)
def test_no_date_is_passed_by_in_amsterdam(at: time, after: datetime) -> None:
    days = [due.local_date for due in next_times(Schedule("daily", at), AMSTERDAM, after, 366)]
    assert days == [days[0] + timedelta(days=number) for number in range(366)]


@given(st.integers(1, 31), moments)
def test_every_month_has_its_day(day: int, after: datetime) -> None:
    months = [
        (due.local_date.year, due.local_date.month)
        for due in next_times(Schedule("monthly", day=day), AMSTERDAM, after, 14)
    ]
    assert len(set(months)) == 14
    assert [12 * year + month for year, month in months] == list(
        range(12 * months[0][0] + months[0][1], 12 * months[0][0] + months[0][1] + 14)
    )


@given(schedules)
def test_a_schedule_is_written_as_it_is_read(schedule: Schedule) -> None:
    read = schedule_of(str(schedule))
    assert str(read) == str(schedule)
    assert schedule_of(str(schedule).upper()) == read


@pytest.mark.parametrize(
    "text",
    ["", "daily", "daily 24:00", "daily 1", "weekly 01:00", "weekly xyz 01:00", "monthly 0 01:00", "monthly 32 01:00",
     "monthly 111111 01:00", "arrival 01:00", "hourly", "daily 01:00 02:00"],
)  # fmt: skip
def test_what_is_no_schedule_is_told(text: str) -> None:
    with pytest.raises(WrongSchedule) as told:
        schedule_of(text)
    assert "weekly mon 01:00" in told.value.sentence("nl")
