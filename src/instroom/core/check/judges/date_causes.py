"""Why a value is no date that can be read without guessing, and which date it may be: for the sentence alone."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from instroom.core.check.faults import Fault
from instroom.core.check.judges.calendar_days import in_calendar

_SERIAL = re.compile(r"([1-9][0-9]{4})(?:[.,][0-9]+)?")
_TIME = re.compile(
    r"(.+?)(?:T| +)([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: *(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?"
)
_NUMBERS = re.compile(r"([0-9]{1,4}) ?([-/. ]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,4})\.?")
_CLOSED_UP = re.compile(r"[0-9]{8}")
_INCOMPLETE = re.compile(r"(?:[0-9]{1,2}[-/. ])?[12][0-9]{3}|[12][0-9]{3}-[0-9]{1,2}")
_MONTH = re.compile(
    r"(?=.*[0-9]).*\b(?:jan|feb|mrt|maa|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec|m[aä]r|mai|dez|f[eé]v|avr|jui|ao[uû]t|d[eé]c"
    r"|ene|abr|ago|dic|gen|mag|giu|lug|set|ott)\w*\b.*",
    re.I | re.S,
)
_MONTH_WORD: Final = r"(?P<month>[^\W\d_]{3,})\.?"
_IN_WORDS: Final = (
    rf"(?:[^\W\d_]+\.?,? )?(?P<day>[0-9]{{1,2}})(?:\.|e|de|ste|st|nd|rd|th)?[ -]+(?:de |of )?{_MONTH_WORD}"
    r",?[ -]+(?P<year>[0-9]{4})",
    rf"{_MONTH_WORD} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<year>[0-9]{{4}})",
)
"""3 mei 1979, maandag 3 mei 1979, 3-mei-1979, 31. Dezember 1980; May 3, 1979."""
_SINCE_1970 = re.compile(r"(?:/Date\()?(-?[1-9][0-9]{7,9}?)(?:000)?(?:[+-][0-9]{4})?(?:\)/)?")
_SERIAL_ZERO: Final = date(1899, 12, 30)
_EPOCH: Final = datetime(1970, 1, 1, 2, tzinfo=UTC)
"""With two hours more, as midnight in Amsterdam is 22:00 or 23:00 of the day before in UTC."""
_PLAIN: Final = Fault("value-date")
_LONGEST: Final = 60  # characters of a date, in whatever form


def no_date(text: str) -> Fault:
    """The fault of a value that is no date, with its cause where that can be told."""
    if len(text) > _LONGEST:
        return _PLAIN
    if match := _SERIAL.fullmatch(text):
        return _fault("serial", f"{_SERIAL_ZERO + timedelta(int(match[1])):%d-%m-%Y}")  # as a spreadsheet shows it
    if match := _TIME.fullmatch(text):
        moved = match[2] in ("22", "23") and match[3] == "00"  # midnight in Amsterdam, the day after
        return _fault("time-zone" if moved else "time", _day_after(_likely(match[1])) if moved else _likely(match[1]))
    if match := _NUMBERS.fullmatch(text):
        return _fault_of_numbers(text, *match.groups())
    if _CLOSED_UP.fullmatch(text):
        year_first, day_first = f"{text[:4]}-{text[4:6]}-{text[6:]}", f"{text[:2]}-{text[2:4]}-{text[4:]}"
        return _fault("closed-up", _likely(year_first) or _likely(day_first))
    if match := _SINCE_1970.fullmatch(text):
        return _fault("since-1970", f"{_EPOCH + timedelta(seconds=int(match[1])):%d-%m-%Y}")
    if _INCOMPLETE.fullmatch(text):
        return _fault("incomplete")
    return _fault_of_words(text) if _MONTH.fullmatch(text) else _PLAIN


def _fault(problem: str, likely: str | None = None) -> Fault:
    return Fault("value-date", {"problem": problem, **({"likely": likely} if likely else {})})


def _fault_of_numbers(text: str, first: str, separator: str, middle: str, last: str) -> Fault:
    if set(first + middle + last) == {"0"}:
        return _fault("placeholder")
    likely = _likely(text)
    if len(first) <= 2 and len(last) <= 2:
        return _fault("short-year")
    if (len(first), len(last)) not in ((1, 4), (2, 4), (4, 1), (4, 2)):
        return _fault("incomplete")
    if likely and separator == "/" and len(last) == 4 and int(first) <= 12 and int(first) != int(middle):
        return _fault("order")  # 04/05/1980 is in April to some
    if likely:
        return _fault("form", likely)
    year, day = (first, last) if len(first) == 4 else (last, first)
    if in_calendar(int(year), int(day), int(middle)):
        return _fault("swapped", f"{middle:0>2}-{day:0>2}-{year}")
    return _no_such_day(year, int(middle))


def _no_such_day(year: str, month: int) -> Fault:
    """With how many days the month has, where there is such a month."""
    if not 1 <= month <= 12:
        return _fault("no-such-day")
    days = next(day for day in (31, 30, 29, 28) if in_calendar(int(year) or 4, month, day))
    return Fault("value-date", {"problem": "no-such-day", "month": str(month), "year": year, "days": days})


def _fault_of_words(text: str) -> Fault:
    """Of a date with its month in words: which one it is, where that is sure."""
    match = next(filter(None, (re.fullmatch(form, text, re.I) for form in _IN_WORDS)), None)
    month = _month_called(match["month"]) if match else None
    if match is None or month is None:
        return _fault("month-name")
    year, day = match["year"], match["day"]
    if not in_calendar(int(year), month, int(day)):
        return _no_such_day(year, month)
    return _fault("month-name", f"{day:0>2}-{month:02}-{year}")


def _month_called(name: str) -> int | None:
    """The month whose name begins so, in one of the languages; None where that can be more than one, or none."""
    lines = (line.split() for line in _names_of_months().splitlines())
    found = [int(number) for number, *names in lines if any(one.startswith(name.casefold()) for one in names)]
    return found[0] if len(found) == 1 else None


@cache
def _names_of_months() -> str:
    return Path(__file__).with_name("month_names.txt").read_text(encoding="utf-8")


def _likely(text: str) -> str | None:
    """The date dd-mm-yyyy that this is with hyphens and two digits each, if there is such a day."""
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return None
    first, middle, last = match[1], match[3], match[4]
    day, year = (last, first) if len(first) == 4 else (first, last)
    if len(year) != 4 or len(day) > 2 or not in_calendar(int(year), int(middle), int(day)):
        return None
    return f"{day:0>2}-{middle:0>2}-{year}"


def _day_after(likely: str | None) -> str | None:
    if likely is None or likely.endswith("9999"):
        return None
    day = date(int(likely[6:]), int(likely[3:5]), int(likely[:2])) + timedelta(days=1)
    return f"{day.day:02}-{day.month:02}-{day.year:04}"
