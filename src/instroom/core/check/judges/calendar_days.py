"""Which days there are in the Gregorian calendar."""

_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def in_calendar(year: int, month: int, day: int) -> bool:
    """Whether there is such a day in the Gregorian calendar."""
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= _DAYS[month]:
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return month != 2 or day < 29 or leap
