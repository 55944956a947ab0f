"""Dates (product.md A5, findings value-date, value-date-implausible and value-date-shifted): read without guessing."""

import datetime
import re
from typing import Final

from instroom.core.check.faults import Fault, Judge, Judgement
from instroom.core.check.judges.calendar_days import in_calendar

_DAY_FIRST = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_USUAL = re.compile(r"(?:0[1-9]|1[0-9]|2[0-8])-(?:0[1-9]|1[0-2])-[1-9][0-9]{3}")  # in the calendar of every month
_OTHER_HYPHEN = re.compile("[\u2010-\u2013\u2212]")  # look like one: of word processors, and the sign for minus
_EVENING: Final = 21 * 3600
"""Midnight in the zones up to three hours east of Greenwich, as UTC shows it; Amsterdam before 1940 had 23:40."""
_OLDEST_AGE = 120  # years; the oldest person known became 122

_PLACEHOLDERS: Final = frozenset(
    "0001-01-01 1753-01-01 1899-12-30 1899-12-31 1900-01-00 9999-12-31 9999-01-01 2999-12-31".split()
)
"""What databases and spreadsheets write for no date; nobody was born then."""
_PLACEHOLDER = Fault("value-date", {"problem": "placeholder"})
SHIFTED: Final = "value-date-shifted"


def _no_date(text: str) -> Fault:
    from instroom.core.check.judges.date_causes import no_date  # noqa: PLC0415 - for the rare value

    return no_date(text)


def judge_date(text: str, _context: str) -> Judgement:
    """The date as yyyy-mm-dd, from dd-mm-jjjj, d-m-jjjj or jjjj-mm-dd; it must be in the calendar."""
    if _USUAL.fullmatch(text):
        return text[6:] + text[2:6] + text[:2]
    text = text if text.isascii() else _OTHER_HYPHEN.sub("-", text)
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    elif match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match.groups()
    else:
        return _no_date(text)
    if not in_calendar(int(year), int(month), int(day)):
        return _no_date(text)
    return f"{year}-{month:0>2}-{day:0>2}"


def shifted_date(text: str, seconds: int) -> Fault | None:
    """The fault of a date cell that shows no time and holds one late in the evening: midnight, moved to another zone.

    Programs that write the moment of a local midnight as UTC make the day before of a date (ExcelJS, SheetJS).
    """
    if seconds < _EVENING or not _DAY_FIRST.fullmatch(text) or isinstance(judge_date(text, ""), Fault):
        return None
    day, month, year = map(int, text.split("-"))
    if (year, month, day) >= (9999, 12, 31):
        return None
    likely = datetime.date(year, month, day) + datetime.timedelta(1)
    minutes = seconds // 60
    return Fault(SHIFTED, {"time": f"{minutes // 60:02}:{minutes % 60:02}", "likely": f"{likely:%d-%m-%Y}"})


def birth_judge(today: str) -> Judge:
    """The judge of dates of birth: as any date, and with a warning where nobody can have been born then.

    What databases write for no date is an error: it would be stored as a date of birth.
    """
    future, too_old = {"problem": "future"}, {"problem": "too-old"}
    oldest = f"{int(today[:4]) - _OLDEST_AGE:04}{today[4:]}"

    def judge_birth(text: str, context: str) -> Judgement:
        date = judge_date(text, context)
        if isinstance(date, Fault) or oldest <= date <= today:
            return date
        if date in _PLACEHOLDERS:
            return _PLACEHOLDER
        return Fault("value-date-implausible", future if date > today else too_old, date)

    return judge_birth
