"""Schemas of decisions."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from instroom.doors.api.schemas import NO_NUL, SLUG, Document, NewDocument, RequestDocument, moment_of
from instroom.flow.delivery import decide


def _moment(value: Any) -> Any:
    """As `moment_of`, but for null and `now`."""
    return value if value in (None, "now") else moment_of(value)


class Approval(NewDocument):
    """Which plan you saw, and when to import it."""

    digest: str = Field(
        pattern="^[0-9a-f]{64}$",
        description="The `digest` of the plan that you saw (`GET …/plan`). No other plan is approved.",
    )

    at: Annotated[datetime | decide.Now | None, BeforeValidator(_moment)] = Field(
        default=None,
        description="When to import in live: `now`, or a moment within a year, such as `2030-01-31T20:00:00+01:00`"
        " (RFC 3339). By default at once, or in the quiet hours for a large file.",
    )


NOT_BLANK: Final = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"


class Refusal(RequestDocument):
    """A refusal with its reason, which the supplier reads."""

    reason: str = Field(min_length=1, max_length=2000, pattern=NOT_BLANK)


class Unapproval(RequestDocument):
    """Why an approval is taken back, as a comment on the delivery."""

    reason: str = Field(min_length=1, max_length=2000, pattern=NOT_BLANK)


class Taking(NewDocument):
    """To which connection a file belongs whose name has none."""

    connection: str | None = Field(default=None, pattern=SLUG, description="The name of the connection.")


class RestoredDossier(RequestDocument):
    """Which dossier is restored, in live and training alike: in the content, so that no address or log has it."""

    kind: Literal["company", "person"]
    source: str = Field(max_length=200, pattern=NO_NUL, description="The ExternSource.")
    extern_id: str = Field(max_length=200, pattern=NO_NUL, description="The ExternId; case does not matter.")


class Refreshed(Document):
    """The answer to a request to refresh training."""

    refresh: Literal["requested"]
