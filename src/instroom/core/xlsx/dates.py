"""A number as the date or time that a spreadsheet shows for it."""

import datetime

_LAST_1900 = 2_958_465  # 31-12-9999
_LAST_1904 = _LAST_1900 - 1_462
_DAY = 86_400


def date_text(value: float, epoch_1904: bool, date: bool, time: bool, elapsed: bool, seconds: bool) -> str | None:
    """The value as `dd-mm-jjjj`, `hh:mm[:ss]` or both, as far as its format shows them; None: no date has it.

    A time of 00:00 is left out where there is a date. An elapsed time counts hours beyond 24.
    """
    if not 0 <= value < (_LAST_1904 if epoch_1904 else _LAST_1900) + 1:
        return None
    days, rest = divmod(round(value * _DAY), _DAY) if time else (int(value), 0)
    if not date:
        return _time(rest + (days * _DAY if elapsed else 0), seconds)
    day = _day(days, epoch_1904)
    if day is None or not rest:
        return day
    return f"{day} {_time(rest, seconds)}"


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


def iso_text(raw: str) -> str | None:
    """An ISO 8601 date cell (`t="d"`) as `dd-mm-jjjj`, with its time where it has one; None: no such date."""
    try:
        if "-" not in raw:
            time = datetime.time.fromisoformat(raw.removeprefix("T").removesuffix("Z"))
            return time.strftime("%H:%M:%S" if time.second else "%H:%M")
        moment = datetime.datetime.fromisoformat(raw.removesuffix("Z"))
    except ValueError:
        return None
    day = moment.strftime("%d-%m-%Y")
    if not (moment.hour or moment.minute or moment.second):
        return day
    return f"{day} {moment.strftime('%H:%M:%S' if moment.second else '%H:%M')}"
