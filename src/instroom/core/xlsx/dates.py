"""A number as the date or time that a spreadsheet shows for it."""

import datetime
from typing import NamedTuple

_LAST_1900 = 2_958_465  # 31-12-9999
_LAST_1904 = _LAST_1900 - 1_462
_DAY = 86_400
_DAY_0 = datetime.date(1899, 12, 30)  # from March 1900 on, in the epoch of 1900
_ALMOST = 0.0001  # seconds before the next one that a spreadsheet takes for it


def date_text(value: float, epoch_1904: bool, date: bool, time: bool, elapsed: bool, seconds: bool) -> str | None:
    """The value as `dd-mm-jjjj`, `hh:mm[:ss]` or both, as far as its format shows them; None: no date has it.

    A time of 00:00 is left out where there is a date. An elapsed time counts hours beyond 24.
    """
    if not 0 <= value < (_LAST_1904 if epoch_1904 else _LAST_1900) + 1:
        return None
    days, rest = divmod(round(value * _DAY), _DAY) if time else (_seconds(value) // _DAY, 0)
    if not date:
        return _time(rest + (days * _DAY if elapsed else 0), seconds)
    day = _day(days, epoch_1904)
    if day is None or not rest:
        return day
    return f"{day} {_time(rest, seconds)}"


def time_of_day(value: float) -> int:
    """The time in a serial number, in whole seconds, whether its format shows it or not."""
    return _seconds(value) % _DAY


def _seconds(value: float) -> int:
    return int(value * _DAY + _ALMOST)


def _time(total: int, seconds: bool) -> str:
    minutes, second = divmod(total, 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{second:02d}" if seconds else text


def _day(days: int, epoch_1904: bool) -> str | None:
    """The day of a serial number. In the 1900 epoch day 0 is 0 January and day 60 is 29 February 1900."""
    if epoch_1904:
        first = datetime.date(1904, 1, 1)
    elif days == 0:
        return "00-01-1900"
    elif days == 60:
        return "29-02-1900"
    else:
        first = datetime.date(1899, 12, 31 if days < 60 else 30)
    try:
        return (first + datetime.timedelta(days)).strftime("%d-%m-%Y")
    except OverflowError:
        return None


class Moment(NamedTuple):
    """What an ISO 8601 date cell (`t="d"`) holds, as it is written: an offset from UTC moves nothing."""

    day: datetime.date | None
    time: datetime.time

    @property
    def seconds(self) -> int:
        """Of the time of day."""
        return (self.time.hour * 60 + self.time.minute) * 60 + self.time.second

    @property
    def text(self) -> str:
        """As `dd-mm-jjjj`, with its time where it has one."""
        time = _time(self.seconds, seconds=self.time.second > 0)
        if self.day is None:
            return time
        return f"{self.day:%d-%m-%Y} {time}" if self.seconds else f"{self.day:%d-%m-%Y}"

    @property
    def serial(self) -> float | None:
        """The number that a spreadsheet with the epoch of 1900 has for it; None before March 1900."""
        days = (self.day - _DAY_0).days if self.day is not None else 0
        return days + self.seconds / _DAY if self.day is None or days > 60 else None


def parse_iso(raw: str) -> Moment | None:
    """A date, a time, or both; None: there is no such moment."""
    try:
        if raw.startswith("T") or (":" in raw and "T" not in raw and "-" not in raw):
            return Moment(None, datetime.time.fromisoformat(raw.removeprefix("T")))
        moment = datetime.datetime.fromisoformat(raw)
    except ValueError:
        return None
    return Moment(moment.date(), moment.time())
