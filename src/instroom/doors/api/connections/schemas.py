"""Schemas of connections, the periodic deliveries."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from ninja import P, PathEx
from pydantic import BeforeValidator, Field, StrictBool

from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.core.schedule import DAYS
from instroom.doors.api.schemas import LAYOUT, NEW_NAME, NO_NUL, SLUG, Document
from instroom.flow.connections.connections import MOST_MINUTES, MOST_RECORDS
from instroom.store.states import ConnectionState

_CLOCK: Final = "([01][0-9]|2[0-3]):[0-5][0-9]"
_WHEN: Final = f"daily|weekly ({'|'.join(DAYS)})|monthly ([1-9]|[12][0-9]|3[01])"
_SCHEDULE: Final = f"^(arrival|({_WHEN}) {_CLOCK})$"


def _refuse_other_than_number(value: Any) -> Any:
    """Pydantic would read numbers from strings and booleans. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    return value


# The limits stand before the validator: behind it, they would be missing from the OpenAPI document.
Whole = Annotated[int, BeforeValidator(_refuse_other_than_number)]
Percent = Annotated[int, Field(ge=0, le=100), BeforeValidator(_refuse_other_than_number)]


class Guard(Document):
    """How far a delivery may go without approval by a person. Both limits apply."""

    percent: int
    number: int
    least: int = Field(description="So many are always allowed, whatever their share.")


class Guards(Document):
    """Limits on new, changed and unlinked dossiers, records left out, and records fewer than last time."""

    created: Guard
    changed: Guard
    unlinked: Guard
    left_out: Guard
    fewer: Guard


class Connection(Document):
    """A periodic delivery: the document of `instroom connection show --format json`."""

    name: str
    customer: str
    account: str | None = Field(description="The file server account that delivers it.")
    file_name: str
    layout: str
    policies: dict[str, Any] = Field(description="The policies that differ from the customer's.")
    schedule: str = Field(description="`daily 01:00`, `weekly mon 01:00`, `monthly 1 01:00` or `arrival`.")
    zone: str
    late_after: int = Field(description="Minutes after its time.")
    missing_after: int = Field(description="Minutes after its time.")
    on_late: Literal["take", "next"]
    state: ConnectionState
    next: list[datetime] = Field(description="The next three times; empty for `arrival`, or while paused.")
    last: UUID | None = Field(description="The last delivery that was taken.")
    waiting: list[UUID] = Field(description="Deliveries that wait for its time, newest first.")
    standing_approval: bool
    guards: Guards


class Connections(Document):
    """All connections of the customer, by name."""

    connections: list[Connection]


ConnectionName = PathEx[str, P(description="The name of a connection.", pattern=SLUG)]
Records = Annotated[int, Field(ge=0, le=MOST_RECORDS), BeforeValidator(_refuse_other_than_number)]


class GuardLimit(Document):
    """A percentage and a number. Both limits apply."""

    percent: Percent
    number: Whole = Field(ge=0, le=2 * MOST_RECORDS)
    least: Whole | None = Field(
        default=None, ge=0, le=2 * MOST_RECORDS, description="So many are always allowed, whatever their share."
    )


class GuardSettings(Document):
    """Guards that differ from the defaults."""

    created: GuardLimit | None = None
    changed: GuardLimit | None = None
    unlinked: GuardLimit | None = None
    left_out: GuardLimit | None = None
    fewer: GuardLimit | None = None


class ConnectionPolicies(Document):
    """Policies that differ from the customer's."""

    blank: Literal["leave", "clear"] | None = None
    on_error: Literal["whole", "skip"] | None = None
    skip_limit_percent: Percent | None = None
    approver_differs: StrictBool | None = None
    quiet_above: Records | None = None
    quiet_from: str | None = Field(default=None, pattern=f"^({_CLOCK})?$")
    quiet_until: str | None = Field(default=None, pattern=f"^{_CLOCK}$")


class ConnectionSettings(Document):
    """The settings of a connection. An omitted field keeps its value, or gets the default."""

    account: str = Field(
        default="", max_length=60, pattern=NO_NUL, description="The file server account; empty for none."
    )
    file_name: str = Field(default="", max_length=255, pattern=NO_NUL)
    layout: str = Field(default=DEFAULT_LAYOUT, max_length=100, pattern=LAYOUT)
    policies: ConnectionPolicies = Field(default=ConnectionPolicies(), description="Replaces all its policies.")
    schedule: str = Field(default="arrival", pattern=_SCHEDULE)
    zone: str = Field(default="Europe/Amsterdam", max_length=60, pattern=NO_NUL)
    late_after: Whole = Field(default=60, ge=0, le=MOST_MINUTES, description="Minutes after its time.")
    missing_after: Whole = Field(default=360, ge=0, le=MOST_MINUTES, description="Minutes after its time.")
    on_late: Literal["take", "next"] = "take"
    standing_approval: StrictBool = False
    guards: GuardSettings = Field(default=GuardSettings(), description="Replaces all its guards.")

    def sent(self) -> dict[str, Any]:
        """The settings that were sent, as `flow.connections.connections` takes them."""
        sent: dict[str, Any] = self.model_dump(exclude_unset=True, exclude={"name"})
        if "standing_approval" in sent:
            sent["standing"] = sent.pop("standing_approval")
        if "policies" in sent:
            sent["policies"] = {name: value for name, value in sent["policies"].items() if value is not None}
        if "guards" in sent:
            limits = {name: limit for name, limit in sent["guards"].items() if limit is not None}
            sent["guards"] = {
                name: [limit[part] for part in ("percent", "number", "least") if limit[part] is not None]
                for name, limit in limits.items()
            }
        return sent


class NewConnection(ConnectionSettings):
    """The settings of a new connection."""

    name: str = Field(pattern=NEW_NAME)
