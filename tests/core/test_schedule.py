"""When a periodic delivery is due: cases of the calendar and the clock, and laws for any schedule (E1, E2)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.closing_days import ClosingDays, closing_days
from instroom.core.errors import SettingsError
from instroom.core.schedule import (
    NAMED_DAYS,
    ON_CLOSED,
    SCHEDULE_KINDS,
    Calendar,
    OnClosed,
    Schedule,
    WrongSchedule,
    next_times,
    schedule_of,
    time_before,
)

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
        # several times a day, in any order
        ("daily 18:00,06:00, 12:00", "2027-05-03T06:00", ["2027-05-03T12:00", "2027-05-03T18:00", "2027-05-04T06:00"]),
        ("daily 02:15,02:30", "2027-03-27T12:00", ["2027-03-28T03:15", "2027-03-28T03:30", "2027-03-29T02:15"]),
        ("daily 02:30,03:30", "2027-03-27T12:00", ["2027-03-28T03:30", "2027-03-29T02:30", "2027-03-29T03:30"]),
        ("daily 02:30,03:15", "2027-03-27T12:00", ["2027-03-28T03:15", "2027-03-28T03:30", "2027-03-29T02:30"]),
        ("daily 02:30,03:00", "2027-10-30T12:00",
         ["2027-10-31T02:30+02:00", "2027-10-31T03:00+01:00", "2027-11-01T02:30+01:00"]),
        # workdays, and several days a week
        ("workdays 06:00", "2027-05-07T06:00", ["2027-05-10T06:00", "2027-05-11T06:00"]),
        ("werkdagen 06:00", "2027-05-08T12:00", ["2027-05-10T06:00"]),
        ("weekly fri,mon,mon 07:00", "2027-05-03T07:00", ["2027-05-07T07:00", "2027-05-10T07:00"]),
        ("wekelijks ma,wo 07:00", "2027-05-03T07:00", ["2027-05-05T07:00", "2027-05-10T07:00"]),
        # the last day, and the first and the last workday of a month
        ("monthly last 07:00", "2028-01-31T07:00", ["2028-02-29T07:00", "2028-03-31T07:00", "2028-04-30T07:00"]),
        ("monthly last-workday 07:00", "2027-01-29T07:00", ["2027-02-26T07:00", "2027-03-31T07:00"]),
        ("maandelijks laatste-werkdag 07:00", "2027-10-01T00:00", ["2027-10-29T07:00", "2027-11-30T07:00"]),
        ("monthly first-workday 07:00", "2027-04-30T12:00", ["2027-05-03T07:00", "2027-06-01T07:00"]),
    ],
)  # fmt: skip
def test_the_next_times(schedule: str, after: str, times: list[str]) -> None:
    found = next_times(schedule_of(schedule), AMSTERDAM, clock(after), len(times) or 3)
    assert [due.at for due in found] == [clock(text).astimezone(UTC) for text in times]


def test_a_date_that_a_zone_skips_is_not_due() -> None:
    """Samoa went from 29 to 31 December 2011."""
    found = next_times(schedule_of("daily 01:00"), ZoneInfo("Pacific/Apia"), datetime(2011, 12, 28, 12, tzinfo=UTC))
    assert [due.local_date for due in found] == [date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1)]


clocks = st.times().map(lambda at: time(at.hour, at.minute))
schedules = st.builds(
    Schedule,
    st.sampled_from([kind for kind in SCHEDULE_KINDS if kind != "arrival"]),
    st.lists(clocks, min_size=1, max_size=4, unique=True).map(lambda times: tuple(sorted(times))),
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    st.integers(1, 31) | st.sampled_from(NAMED_DAYS),
)
dates = st.dates(date(2005, 1, 1), date(2036, 12, 31))
periods = st.tuples(dates, st.integers(0, 40)).map(lambda one: (one[0], one[0] + timedelta(days=one[1])))
calendars = st.builds(
    Calendar,
    st.builds(
        ClosingDays,
        country=st.sampled_from(["", "", "NL"]),
        weekends=st.booleans(),
        periods=st.lists(periods, max_size=3).map(tuple),
        open_days=st.frozensets(dates, max_size=2),
    ).map(lambda closing: closing.is_closed),
    st.sampled_from(ON_CLOSED),
)
moments = st.datetimes(datetime(2005, 1, 1), datetime(2036, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - strategy


@given(schedules, st.sampled_from(ZONES), moments, calendars)
def test_times_rise_and_a_local_date_comes_once_for_each_time(
    schedule: Schedule, zone: str, after: datetime, calendar: Calendar
) -> None:
    found = next_times(schedule, ZoneInfo(zone), after, 12, calendar)
    assert all(after < due.at for due in found)
    assert all(one.at < other.at and one.local_date <= other.local_date for one, other in pairwise(found))
    days = [due.local_date for due in found]
    assert all(days.count(day) <= len(schedule.times) for day in days)


@given(schedules, st.sampled_from(ZONES), moments, calendars)
def test_whoever_asks_again_after_each_time_meets_the_same_times(
    schedule: Schedule, zone: str, after: datetime, calendar: Calendar
) -> None:
    place = ZoneInfo(zone)
    found = next_times(schedule, place, after, 5, calendar)
    assert [next_times(schedule, place, due.at, 1, calendar)[0] for due in found[:-1]] == found[1:]


@given(schedules, st.sampled_from(ZONES), moments, calendars)
def test_the_time_before_is_the_one_that_came_before(
    schedule: Schedule, zone: str, after: datetime, calendar: Calendar
) -> None:
    place = ZoneInfo(zone)
    found = next_times(schedule, place, after, 3, calendar)
    assert [time_before(schedule, place, due.at, calendar) for due in found[1:]] == [due.at for due in found[:-1]]


@given(schedules, moments, calendars)
def test_nothing_is_due_on_a_closing_day(schedule: Schedule, after: datetime, calendar: Calendar) -> None:
    found = next_times(schedule, AMSTERDAM, after, 6, calendar)
    if calendar.on_closed != "run":
        assert not any(calendar.is_closed(due.local_date) for due in found)
    if schedule.kind == "workdays":
        assert all(calendar.is_workday(due.local_date) for due in found)


@given(clocks, moments)
def test_no_date_is_passed_by_in_amsterdam(at: time, after: datetime) -> None:
    days = [due.local_date for due in next_times(Schedule("daily", (at,)), AMSTERDAM, after, 366)]
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
    assert schedule_of(str(schedule).replace(",", " , ")) == read
    assert len(str(schedule)) < 200


@pytest.mark.parametrize(
    "text",
    ["", "daily", "daily 24:00", "daily 1", "weekly 01:00", "weekly xyz 01:00", "monthly 0 01:00", "monthly 32 01:00",
     "monthly 111111 01:00", "arrival 01:00", "hourly", "daily 01:00 02:00", "daily 01:00,",
     "daily ,01:00", "daily 1:0",
     "weekly mon,xyz 01:00", "weekly mon, 01:00", "monthly first 01:00", "monthly 1,15 01:00", "workdays",
     "workdays mon 01:00", f"daily {','.join(f'{at // 60:02}:{at % 60:02}' for at in range(25))}"],
)  # fmt: skip
def test_what_is_no_schedule_is_told(text: str) -> None:
    with pytest.raises(WrongSchedule) as told:
        schedule_of(text)
    assert "weekly mon 01:00" in told.value.sentence("nl")


def closed(on_closed: OnClosed, **settings: object) -> Calendar:
    return Calendar(closing_days(settings).is_closed, on_closed)


@pytest.mark.parametrize(
    ("schedule", "after", "calendar", "days"),
    [
        # Easter Monday is 29 March, King's Day 27 April, a Tuesday
        ("weekly mon 07:00", "2027-03-22T12:00", closed("skip", country="NL"), ["04-05", "04-12"]),
        ("weekly mon 07:00", "2027-03-22T12:00", closed("move", country="NL"), ["03-30", "04-05"]),
        ("weekly mon 07:00", "2027-03-22T12:00", closed("run", country="NL"), ["03-29", "04-05"]),
        ("weekly mon,tue 07:00", "2027-03-28T12:00", closed("move", country="NL"), ["03-30", "04-05", "04-06"]),
        ("workdays 07:00", "2027-03-25T12:00", closed("run", country="NL"), ["03-30", "03-31"]),
        ("workdays 07:00", "2027-03-25T12:00", closed("skip", country="NL", open=["2027-03-26"]), ["03-26", "03-30"]),
        ("daily 07:00", "2027-04-26T12:00", closed("skip", country="nl"), ["04-28", "04-29"]),
        ("daily 07:00", "2027-04-30T12:00", closed("move", days=["2027-05-01..2027-05-05"]), ["05-06", "05-07"]),
        ("monthly 1 07:00", "2027-04-30T12:00", closed("move", weekends=True), ["05-03", "06-01", "07-01", "08-02"]),
        ("monthly 1 07:00", "2027-04-30T12:00", closed("skip", weekends=True), ["06-01", "07-01", "09-01"]),
        ("monthly last 07:00", "2027-12-30T12:00", closed("move", days=["2027-12-24..2028-01-02"]), ["01-03", "01-31"]),
        ("monthly last-workday 07:00", "2027-12-01T12:00", closed("skip", days=["2027-12-24..2028-01-02"]), ["12-23"]),
        ("monthly first-workday 07:00", "2026-12-31T12:00", closed("skip", country="NL"), ["01-04", "02-01"]),
        ("weekly thu 07:00", "2027-06-03T06:00", closed("skip", country="DE-BY"), ["06-03", "06-10"]),
        ("weekly thu 07:00", "2027-05-27T06:00", closed("skip", country="DE-BY"), ["06-03"]),
        ("monthly 1 07:00", "2027-05-02T00:00", closed("skip", days=["2027-06-01..2027-12-01"]), ["01-01"]),
    ],
)  # fmt: skip
def test_what_becomes_of_a_closing_day(schedule: str, after: str, calendar: Calendar, days: list[str]) -> None:
    found = next_times(schedule_of(schedule), AMSTERDAM, clock(after), len(days), calendar)
    assert [f"{due.local_date:%m-%d}" for due in found] == days


def test_whoever_is_always_closed_has_no_times() -> None:
    assert next_times(schedule_of("daily 07:00"), AMSTERDAM, clock("2027-05-03T12:00"), 1, Calendar(bool)) == []


@pytest.mark.parametrize(
    "settings",
    [
        {"country": "XX"}, {"country": "Nederland"}, {"country": "NL-ZZ"}, {"country": "N"}, {"days": ["24-12-2027"]},
        {"days": ["2027-02-30"]}, {"days": ["2027-12-24..2027-12-23"]}, {"days": ["2027-01-01..2028-01-02"]},
        {"days": ["..2027-01-01"]}, {"days": [""]}, {"open": ["2027-01-01..2027-01-02"]},
        {"days": ["2027-01-01"] * 101},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_closing_day_is_told(settings: dict[str, object]) -> None:
    with pytest.raises(SettingsError) as told:
        closing_days(settings)
    assert told.value.sentence("nl")
    assert told.value.sentence("en")


def test_closing_days_are_kept_as_they_are_read() -> None:
    settings = {"country": "NL", "weekends": True, "days": ["2027-12-24..2028-01-02", "2027-05-06"], "open": []}
    found = closing_days(settings)
    assert found.as_settings() == {
        "country": "NL", "weekends": True, "days": ["2027-05-06", "2027-12-24..2028-01-02"],
    }  # fmt: skip
    assert closing_days(found.as_settings()) == found
    assert found.is_closed(date(2027, 4, 27))
