"""Schemas of decisions."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from instroom.doors.api.schemas import Document
from instroom.flow.delivery import decide


def _moment(value: Any) -> Any:
    """A moment with its UTC offset (RFC 3339). Raises ValueError."""
    if value is None or value == "now":
        return value
    at = datetime.fromisoformat(value) if isinstance(value, str) else None
    if at is None or at.tzinfo is None or len(str(value)) < len("2030-01-01T20:00Z"):
        raise ValueError("not a moment")
    return at


class Approval(Document):
    """When to import, and which plan was seen. Both are optional."""

    at: Annotated[datetime | decide.Now | None, BeforeValidator(_moment)] = Field(
        default=None,
        description="`now`, or a moment within a year (RFC 3339) before which live is not imported. By default large"
        " files wait for the quiet hours.",
    )
    digest: str | None = Field(
        default=None,
        pattern="^[0-9a-f]{64}$",
        description="The digest of the plan that was seen. Another plan is not approved.",
    )


_SAID: Final = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"


class Refusal(Document):
    """The reason of a refusal. The supplier reads it."""

    reason: str = Field(min_length=1, max_length=2000, pattern=_SAID)


class Refreshed(Document):
    """Training becomes a copy of live as soon as no delivery is being imported there."""

    refresh: Literal["asked"]
