"""The days on which a customer is closed: public holidays of a country, weekends, and days of its own.

They come from the package `holidays`, which takes 0.2 s to load: only a customer with a country waits for it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from instroom.core.errors import SettingsError

if TYPE_CHECKING:
    from holidays import HolidayBase

MOST_PERIODS: Final = 100
LONGEST_PERIOD: Final = 366  # days
_SATURDAY: Final = 5
_COUNTRY: Final = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")
_BETWEEN: Final = ".."


class ClosingDays(NamedTuple):
    """When a customer is closed."""

    country: str = ""
    """With its public holidays: `NL`, or `DE-BY` where a region has its own. Blank for none."""
    weekends: bool = False
    periods: tuple[tuple[date, date], ...] = ()
    """First and last day of each."""
    open_days: frozenset[date] = frozenset()
    """Open, although it is a public holiday or a weekend."""

    def is_closed(self, day: date) -> bool:
        """Whether the customer is closed on that day."""
        if any(first <= day <= last for first, last in self.periods):
            return True
        if day in self.open_days:
            return False
        return (self.weekends and day.weekday() >= _SATURDAY) or (self.country != "" and day in _holidays(self.country))

    def as_settings(self) -> dict[str, Any]:
        """As `closing_days` reads them; what is not set is left out."""
        periods = [(first.isoformat(), last.isoformat()) for first, last in self.periods]
        settings = {
            "country": self.country,
            "weekends": self.weekends,
            "days": [first if first == last else f"{first}{_BETWEEN}{last}" for first, last in periods],
            "open": sorted(day.isoformat() for day in self.open_days),
        }
        return {name: value for name, value in settings.items() if value}


NEVER_CLOSED: Final = ClosingDays()


def closing_days(settings: Mapping[str, Any]) -> ClosingDays:
    """Parses settings: `country`, `weekends`, `days` and `open`. A day is `2027-12-24`, several days in a row are
    `2027-12-24..2028-01-02`. Raises SettingsError."""
    country = str(settings.get("country", "")).strip().upper()
    days: Sequence[str] = settings.get("days", ())
    if country and not _is_country(country):
        raise SettingsError("closing-country", country=country)
    if len(days) > MOST_PERIODS:
        raise SettingsError("closing-too-many", most=MOST_PERIODS)
    periods = tuple(sorted({_period(text) for text in days}))
    open_days = frozenset(_day(text, text) for text in settings.get("open", ()))
    return ClosingDays(country, settings.get("weekends", False) is True, periods, open_days)


def _period(text: str) -> tuple[date, date]:
    first, between, last = text.partition(_BETWEEN)
    begin = _day(first, text)
    end = _day(last, text) if between else begin
    if not timedelta(0) <= end - begin < timedelta(LONGEST_PERIOD):
        raise SettingsError("closing-day", text=text)
    return begin, end


def _day(text: str, whole: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise SettingsError("closing-day", text=whole) from error


def _is_country(text: str) -> bool:
    if not _COUNTRY.fullmatch(text):
        return False
    try:
        _holidays(text)
    except NotImplementedError:  # what the package raises for a country or a region that it does not know
        return False
    return True


@cache
def _holidays(country: str) -> "HolidayBase":
    """The public holidays of a country; a year is filled in when a day of it is asked for."""
    from holidays import country_holidays  # noqa: PLC0415 - see the module

    code, _, region = country.partition("-")
    return country_holidays(code, subdiv=region or None)
