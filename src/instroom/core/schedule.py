"""When a periodic delivery is due (product.md E1, E2): on some days, at one or more times, or on arrival.

A local date is due once for each of its times, also in the night that the clock changes: a time that the clock skips
comes as much later as it skips (02:30 on 28 March 2027 in Amsterdam is 03:30), a time that comes twice is the first of
the two, and two times that fall together then are one. A month without that day is due on its last one.

On a closing day nothing is due: the day is skipped, or its times move to the next workday, which has them once.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from typing import Final, Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo, available_timezones

from instroom.core.closing_days import NEVER_CLOSED
from instroom.core.errors import SettingsError
from instroom.core.whole_number import whole_number

ScheduleKind = Literal["daily", "workdays", "weekly", "monthly", "arrival"]
SCHEDULE_KINDS: Final[tuple[ScheduleKind, ...]] = get_args(ScheduleKind)
NamedDay = Literal["first-workday", "last-workday", "last"]
NAMED_DAYS: Final[tuple[NamedDay, ...]] = get_args(NamedDay)
OnClosed = Literal["skip", "move", "run"]
ON_CLOSED: Final[tuple[OnClosed, ...]] = get_args(OnClosed)
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_TIMES: Final = 24  # a day

_NAMES: Final = (
    ("mon", "monday", "ma", "maandag"),
    ("tue", "tuesday", "di", "dinsdag"),
    ("wed", "wednesday", "wo", "woensdag"),
    ("thu", "thursday", "do", "donderdag"),
    ("fri", "friday", "vr", "vrijdag"),
    ("sat", "saturday", "za", "zaterdag"),
    ("sun", "sunday", "zo", "zondag"),
)
_WEEKDAY: Final = {name: number for number, names in enumerate(_NAMES) for name in names}
_KIND: Final = {
    "dagelijks": "daily", "werkdagen": "workdays", "wekelijks": "weekly", "maandelijks": "monthly",
}  # fmt: skip
_NAMED_DAY: Final[dict[str, NamedDay]] = {
    **{name: name for name in NAMED_DAYS},
    "laatste": "last",
    "laatste-werkdag": "last-workday",
    "eerste-werkdag": "first-workday",
}
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_COMMA: Final = re.compile(r"\s*,\s*")
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_HORIZON: Final = 5 * 366  # days without a time, after which no more is expected
_BACK: Final = (timedelta(33), timedelta(400), timedelta(_HORIZON))


@cache
def time_zones() -> frozenset[str]:
    """Every time zone by name. Kept: Python walks through all files of the zones each time."""
    return frozenset(available_timezones())


class WrongSchedule(SettingsError):
    """What should be a schedule is none: says how one is written."""


class Calendar(NamedTuple):
    """Which days are closed, and what becomes of a time on one of them."""

    is_closed: Callable[[date], bool] = NEVER_CLOSED.is_closed
    on_closed: OnClosed = "skip"

    def is_workday(self, day: date) -> bool:
        """Monday to Friday, and no closing day."""
        return day.weekday() < _SATURDAY and not self.is_closed(day)


EVERY_DAY_OPEN: Final = Calendar()


class Schedule(NamedTuple):
    """When a file is expected, on the clock of the connection's time zone."""

    kind: ScheduleKind
    times: tuple[time, ...] = (time(0),)
    """Of each day, in order."""
    weekdays: tuple[int, ...] = (0,)
    """0 is Monday; of a weekly one, in order."""
    day: int | NamedDay = 1
    """Of the month; of a monthly one."""

    def __str__(self) -> str:
        """As `schedule_of` reads it."""
        if self.kind == "arrival":
            return self.kind
        days = {"weekly": " " + ",".join(DAYS[day] for day in self.weekdays), "monthly": f" {self.day}"}
        return f"{self.kind}{days.get(self.kind, '')} {times_text(self.times)}"

    def falls_on(self, day: date, calendar: Calendar = EVERY_DAY_OPEN) -> bool:
        """Whether a file is expected on that date, unless that is a closing day."""
        match self.kind:
            case "daily":
                return True
            case "workdays":
                return calendar.is_workday(day)
            case "weekly":
                return day.weekday() in self.weekdays
            case "monthly":
                return day == self._day_of_month(day, calendar)
        return False

    def _day_of_month(self, day: date, calendar: Calendar) -> date | None:
        """The date in the month of `day`; None in a month without workdays."""
        last = monthrange(day.year, day.month)[1]
        if isinstance(self.day, int):
            return day.replace(day=min(self.day, last))
        if self.day == "last":
            return day.replace(day=last)
        order = range(1, last + 1) if self.day == "first-workday" else range(last, 0, -1)
        return next((one for one in (day.replace(day=number) for number in order) if calendar.is_workday(one)), None)


class Due(NamedTuple):
    """A moment at which a file is due."""

    local_date: date
    at: datetime
    """In UTC."""


def schedule_of(text: str) -> Schedule:
    """Parses a schedule as a person writes it. Raises WrongSchedule."""
    kind, *rest = _COMMA.sub(",", text.strip().lower()).split() or [""]
    match _KIND.get(kind, kind), rest:
        case "arrival", []:
            return Schedule("arrival")
        case "daily", [clocks]:
            return Schedule("daily", _times(clocks))
        case "workdays", [clocks]:
            return Schedule("workdays", _times(clocks))
        case "weekly", [names, clocks]:
            return Schedule("weekly", _times(clocks), weekdays=_weekdays(names))
        case "monthly", [day, clocks]:
            return Schedule("monthly", _times(clocks), day=_day_of(day))
    raise WrongSchedule("schedule")


def times_text(times: tuple[time, ...]) -> str:
    """`06:00,12:00`."""
    return ",".join(f"{at:%H:%M}" for at in times)


def times_after(
    schedule: Schedule, zone: ZoneInfo, after: datetime, calendar: Calendar = EVERY_DAY_OPEN
) -> Iterator[Due]:
    """The times of a schedule later than the moment `after`, each later than the one before; none on arrival."""
    if schedule.kind == "arrival":
        return
    last = after
    for day in _dates(schedule, calendar, after.astimezone(zone).date() - _DAY):  # a skipped time may come a date later
        for at in sorted(_moment(day, clock, zone) for clock in schedule.times if _exists(day, clock, zone)):
            if at > last:
                yield Due(day, at)
                last = at


def next_times(
    schedule: Schedule, zone: ZoneInfo, after: datetime, count: int = 3, calendar: Calendar = EVERY_DAY_OPEN
) -> list[Due]:
    """The first `count` of `times_after`."""
    return list(islice(times_after(schedule, zone, after, calendar), count))


def time_before(
    schedule: Schedule, zone: ZoneInfo, before: datetime, calendar: Calendar = EVERY_DAY_OPEN
) -> datetime | None:
    """The last time of a schedule earlier than the moment `before`; None on arrival."""
    for back in _BACK:
        at = None
        for due in times_after(schedule, zone, before - back, calendar):
            if due.at >= before:
                break
            at = due.at
        if at:
            return at
    return None


def _dates(schedule: Schedule, calendar: Calendar, first: date) -> Iterator[date]:
    """The dates from `first` on on which something is due, until none comes for years."""
    day, moved, seen = _after_a_workday(first, calendar), False, first
    while day - seen < _HORIZON * _DAY and day < date.max - 3 * _DAY:
        expected = schedule.falls_on(day, calendar)
        closed = calendar.on_closed != "run" and calendar.is_closed(day)
        workday = calendar.is_workday(day)
        if day >= first and ((expected and not closed) or (moved and workday)):
            yield day
            seen = day
        moved = not workday and (moved or (expected and closed and calendar.on_closed == "move"))
        day += _DAY


def _after_a_workday(day: date, calendar: Calendar) -> date:
    """The day itself, or the first of the closed days and weekends before it: from those a time may have moved."""
    if calendar.on_closed != "move":
        return day
    begin = day
    while day - begin < _HORIZON * _DAY and begin > date.min + _DAY and not calendar.is_workday(begin - _DAY):
        begin -= _DAY
    return begin


def _exists(day: date, clock: time, zone: ZoneInfo) -> bool:
    """Whether the zone has that date: Samoa had no 30 December 2011."""
    return _moment(day, clock, zone) < _moment(day + _DAY, clock, zone)


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """`fold` stays 0: a time in the gap counts by the offset before it, a doubled one is the first (PEP 495)."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _times(text: str) -> tuple[time, ...]:
    found = [_CLOCK.fullmatch(clock) for clock in text.split(",")]
    times = tuple(sorted({time(int(one[1]), int(one[2])) for one in found if one}))
    if None in found or len(times) > MOST_TIMES:
        raise WrongSchedule("schedule")
    return times


def _weekdays(text: str) -> tuple[int, ...]:
    names = text.split(",")
    if not all(name in _WEEKDAY for name in names):
        raise WrongSchedule("schedule")
    return tuple(sorted({_WEEKDAY[name] for name in names}))


def _day_of(text: str) -> int | NamedDay:
    if text in _NAMED_DAY:
        return _NAMED_DAY[text]
    day = whole_number(text, most_digits=2)
    if day is None or not 1 <= day <= 31:
        raise WrongSchedule("schedule")
    return day
