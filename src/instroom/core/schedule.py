"""When a periodic delivery is due (product.md E1, E2): every day, on a weekday, on a day of the month, or on arrival.

A local date is due once, also in the night that the clock changes: a time that the clock skips comes as much later as
it skips (02:30 on 28 March 2027 in Amsterdam is 03:30), and a time that comes twice is the first of the two. A month
without that day is due on its last one.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Final, Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from instroom.core.errors import SettingsError

ScheduleKind = Literal["daily", "weekly", "monthly", "arrival"]
SCHEDULE_KINDS: Final[tuple[ScheduleKind, ...]] = get_args(ScheduleKind)
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
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
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_DAY: Final = timedelta(days=1)
_LONGEST: Final = timedelta(days=33)  # between two times of a schedule


class WrongSchedule(SettingsError):
    """What should be a schedule is none: says how one is written."""


class Schedule(NamedTuple):
    """When a file is expected, on the clock of the connection's time zone."""

    kind: ScheduleKind
    at: time = time(0)
    weekday: int = 0
    """0 is Monday; of a weekly one."""
    day: int = 1
    """Of the month; of a monthly one."""

    def __str__(self) -> str:
        """As `schedule_of` reads it."""
        when = {"weekly": f" {DAYS[self.weekday]}", "monthly": f" {self.day}"}.get(self.kind, "")
        return self.kind if self.kind == "arrival" else f"{self.kind}{when} {self.at:%H:%M}"

    def falls_on(self, day: date) -> bool:
        """Whether a file is expected on that date."""
        if self.kind == "monthly":
            return day.day == min(self.day, monthrange(day.year, day.month)[1])
        return self.kind == "daily" or (self.kind == "weekly" and day.weekday() == self.weekday)


class Due(NamedTuple):
    """A moment at which a file is due."""

    local_date: date
    at: datetime
    """In UTC."""


def schedule_of(text: str) -> Schedule:
    """Parses a schedule as a person writes it. Raises WrongSchedule."""
    match text.lower().split():
        case ["arrival"]:
            return Schedule("arrival")
        case ["daily", clock]:
            return Schedule("daily", _clock(clock))
        case ["weekly", name, clock] if name in _WEEKDAY:
            return Schedule("weekly", _clock(clock), weekday=_WEEKDAY[name])
        case ["monthly", day, clock] if day.isascii() and day.isdecimal() and len(day) < 3 and 1 <= int(day) <= 31:
            return Schedule("monthly", _clock(clock), day=int(day))
    raise WrongSchedule("schedule")


def times_after(schedule: Schedule, zone: ZoneInfo, after: datetime) -> Iterator[Due]:
    """The times of a schedule later than the moment `after`, each later than the one before; none on arrival."""
    if schedule.kind == "arrival":
        return
    day = after.astimezone(zone).date() - _DAY  # a skipped time may come on the next date
    while day < date.max - 2 * _DAY:
        at = _moment(day, schedule.at, zone)
        if schedule.falls_on(day) and at > after and at < _moment(day + _DAY, schedule.at, zone):  # a date that exists
            yield Due(day, at)
        day += _DAY


def next_times(schedule: Schedule, zone: ZoneInfo, after: datetime, count: int = 3) -> list[Due]:
    """The first `count` of `times_after`."""
    return list(islice(times_after(schedule, zone, after), count))


def time_before(schedule: Schedule, zone: ZoneInfo, before: datetime) -> datetime | None:
    """The last time of a schedule earlier than the moment `before`; None on arrival."""
    at = None
    for due in times_after(schedule, zone, before - _LONGEST):
        if due.at >= before:
            break
        at = due.at
    return at


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """`fold` stays 0: a time in the gap counts by the offset before it, a doubled one is the first (PEP 495)."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _clock(text: str) -> time:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise WrongSchedule("schedule")
    return time(int(found[1]), int(found[2]))
