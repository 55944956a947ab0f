"""Schemas of a customer's closing days."""

from typing import Annotated

from pydantic import Field, StrictBool

from instroom.core.closing_days import MOST_PERIODS
from instroom.doors.api.schemas import Document, NewDocument

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
Day = Annotated[str, Field(pattern=f"^{_DAY}$", description="`2027-03-26`")]
DayOrPeriod = Annotated[
    str, Field(pattern=rf"^{_DAY}(\.\.{_DAY})?$", description="`2027-12-24`, or `2027-12-24..2028-01-02`.")
]


class NewClosingDays(NewDocument):
    """When the customer is closed, instead of what was set."""

    country: str = Field(
        default="",
        pattern="^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$",
        description="With its public holidays: `NL`, or `DE-BY` with those of a region. Empty for none.",
    )
    weekends: StrictBool = Field(default=False, description="Saturdays and Sundays too.")
    days: list[DayOrPeriod] = Field(default=[], max_length=MOST_PERIODS, description="Days and periods of its own.")
    open: list[Day] = Field(
        default=[], max_length=MOST_PERIODS, description="Open, although it is a public holiday or a weekend."
    )


class ClosingDays(Document):
    """When the customer is closed. What a connection does then is its `on_closed`."""

    country: str
    weekends: bool
    days: list[str]
    open: list[str]
