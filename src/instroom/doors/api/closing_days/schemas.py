"""Schemas of a customer's closing days."""

from typing import Annotated

from pydantic import Field, StrictBool

from instroom.core.closing_days import MOST_PERIODS
from instroom.doors.api.schemas import ChangesDocument, Document

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
Day = Annotated[str, Field(pattern=f"^{_DAY}$", description="`2027-03-26`")]
DayOrPeriod = Annotated[
    str, Field(pattern=rf"^{_DAY}(\.\.{_DAY})?$", description="`2027-12-24`, or `2027-12-24..2028-01-02`.")
]


class ClosingDaysChanges(ChangesDocument):
    """What changes of when the customer is closed. All else keeps its value."""

    country: Annotated[str, Field(pattern="^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$")] | None = Field(
        None, description="With its public holidays: `NL`, or `DE-BY` with those of a region. An empty text for none."
    )
    weekends: StrictBool | None = Field(None, description="Saturdays and Sundays too.")
    days: Annotated[list[DayOrPeriod], Field(max_length=MOST_PERIODS)] | None = Field(
        None, description="Days and periods of its own. Replaces all of them."
    )
    open: Annotated[list[Day], Field(max_length=MOST_PERIODS)] | None = Field(
        None, description="Open, although it is a public holiday or a weekend. Replaces all of them."
    )


class ClosingDays(Document):
    """When the customer is closed. What a connection does then is its `on_closed`."""

    country: str
    weekends: bool
    days: list[str]
    open: list[str]
