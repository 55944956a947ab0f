"""What programs send, as types: made sound before it reaches the flow."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from ninja import FormEx, HeaderEx, P, PathEx, QueryEx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from instroom.core.fields import Kind
from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.core.model import FileFormat, Severity
from instroom.core.schedule import DAYS
from instroom.doors.api.pagination import DEFAULT, MOST
from instroom.flow.connections.connections import MOST_MINUTES, MOST_RECORDS
from instroom.flow.delivery import decide
from instroom.flow.file_server.accounts import LEAST_CHARACTERS, MOST_CHARACTERS
from instroom.store.states import State

_NO_NUL: Final = r"^[^\u0000]*$"
"""PostgreSQL knows no place for it."""
_LAYOUT: Final = r"^[A-Za-z0-9_-]+(/[0-9]{1,6})?$"
"""A name: a path would make us read a file of the server."""
_SLUG: Final = r"^[A-Za-z0-9_-]{1,60}$"
_ACCOUNT: Final = r"^[a-z0-9][a-z0-9._-]{0,59}$"
_SAID: Final = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"

_CLOCK: Final = "([01][0-9]|2[0-3]):[0-5][0-9]"
_WHEN: Final = f"daily|weekly ({'|'.join(DAYS)})|monthly ([1-9]|[12][0-9]|3[01])"
_SCHEDULE: Final = f"^(arrival|({_WHEN}) {_CLOCK})$"

CustomerName = PathEx[str, P(description="The customer that the token is for.", pattern=_SLUG)]
ConnectionName = PathEx[str, P(description="The name of a connection.", pattern=_SLUG)]
AccountName = PathEx[str, P(description="The name of an account of the file server.", pattern=_ACCOUNT)]
DeliveryId = PathEx[UUID, P(description="The id of a delivery.")]
EnvironmentName = Literal["live", "training"]
Environment = PathEx[EnvironmentName, P(description="live, for real; training, to look at first.")]

Limit = QueryEx[int, P(ge=1, le=MOST, description=f"How many at most in this piece; {DEFAULT} where it is not said.")]
Cursor = QueryEx[
    str | None, P(max_length=200, pattern=r"^[A-Za-z0-9_=-]+$", description="`next` of the piece before this one.")
]
StateWanted = QueryEx[State | None, P(description="Only those in this state.")]
SeverityWanted = QueryEx[Severity | None, P(description="Only those of this severity.")]
CodeWanted = QueryEx[str | None, P(max_length=60, pattern=_NO_NUL, description="Only those of this code.")]
ColumnWanted = QueryEx[str | None, P(max_length=200, pattern=_NO_NUL, description="Only those in this column.")]
WhatWanted = QueryEx[
    Literal["new", "changed", "removed", "linked", "relinked", "unlinked", "warned"] | None,
    P(description="Only changes with this action or link; `warned`: with a warning on their row."),
]
MovedWord = Literal["added", "different", "gone"]
MovedWanted = QueryEx[MovedWord | None, P(description="Only dossiers of this word.")]
KindWanted = QueryEx[Kind | None, P(description="Only companies, or only persons.")]
TextWanted = QueryEx[
    str | None, P(max_length=200, pattern=_NO_NUL, description="Only with this in the key or the name.")
]
EnvironmentWanted = QueryEx[EnvironmentName, P(description="The plan for this environment.")]

Source = QueryEx[str, P(max_length=200, pattern=_NO_NUL, description="The ExternSource.")]
ExternId = QueryEx[str, P(alias="id", max_length=200, pattern=_NO_NUL, description="The ExternId, in any letter case.")]
Sought = QueryEx[
    str, P(max_length=200, pattern=_NO_NUL, description="A name, a key, a postal code or an e-mail address.")
]
Layout = QueryEx[str, P(max_length=100, pattern=_LAYOUT, description="The name of a layout.")]
FormatWanted = QueryEx[FileFormat, P(alias="format", description="The form of the file.")]

ConnectionChosen = FormEx[str | None, P(pattern=_SLUG, description="The connection that it is delivered on.")]
LayoutChosen = FormEx[
    str | None,
    P(max_length=100, pattern=_LAYOUT, description=f"The layout; else the connection's, or {DEFAULT_LAYOUT}."),
]
Blank = FormEx[Literal["leave", "clear"] | None, P(description="What a blank cell does to the stored value.")]
OnError = FormEx[
    Literal["whole", "skip"] | None, P(description="With a faulty record: import nothing, or leave it out.")
]
SkipLimit = FormEx[int | None, P(ge=0, le=100, description="With skip: reject with more percent left out.")]
Corrects = FormEx[UUID | None, P(description="The delivery of which this file is the next version.")]
RepeatKey = HeaderEx[
    str | None,
    P(
        alias="Idempotency-Key",
        min_length=1,
        max_length=100,
        pattern=r"^[!-~]([ -~]*[!-~])?$",
        description="Of your own making, for this delivery alone: sent again with it, the file is not delivered twice.",
    ),
]


def _moment(value: Any) -> Any:
    """A moment with its place on earth (RFC 3339). Raises ValueError."""
    if value is None or value == "now":
        return value
    at = datetime.fromisoformat(value) if isinstance(value, str) else None
    if at is None or at.tzinfo is None or len(str(value)) < len("2030-01-01T20:00Z"):
        raise ValueError("no moment")
    return at


class Approval(BaseModel):
    """How to approve. Everything may be left out."""

    model_config = ConfigDict(extra="forbid")

    at: Annotated[datetime | decide.Now | None, BeforeValidator(_moment)] = Field(
        default=None,
        description="`now`, or a moment within a year (RFC 3339) before which live is not imported. Without it large"
        " files wait for the quiet hours.",
    )
    digest: str | None = Field(
        default=None,
        pattern="^[0-9a-f]{64}$",
        description="Of the plan that was looked at: another one is not approved.",
    )


def _whole(value: Any) -> Any:
    """A number of JSON, not a text or a truth that could be read as one. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("no number")
    return value


Whole = Annotated[int, BeforeValidator(_whole)]
Percent = Annotated[int, Field(ge=0, le=100), BeforeValidator(_whole)]
Records = Annotated[int, Field(ge=0, le=MOST_RECORDS), BeforeValidator(_whole)]


class GuardWanted(BaseModel):
    """Neither may be passed."""

    model_config = ConfigDict(extra="forbid")

    percent: Whole = Field(ge=0, le=100)
    number: Whole = Field(ge=0, le=2 * MOST_RECORDS)


class GuardsWanted(BaseModel):
    """Those that are not as usual."""

    model_config = ConfigDict(extra="forbid")

    created: GuardWanted | None = None
    changed: GuardWanted | None = None
    unlinked: GuardWanted | None = None
    left_out: GuardWanted | None = None
    fewer: GuardWanted | None = None


class ConnectionPolicies(BaseModel):
    """Those that are not as agreed with the customer."""

    model_config = ConfigDict(extra="forbid")

    blank: Literal["leave", "clear"] | None = None
    on_error: Literal["whole", "skip"] | None = None
    skip_limit_percent: Percent | None = None
    approver_differs: StrictBool | None = None
    quiet_above: Records | None = None
    quiet_from: str | None = Field(default=None, pattern=f"^({_CLOCK})?$")
    quiet_until: str | None = Field(default=None, pattern=f"^{_CLOCK}$")


class ConnectionSettings(BaseModel):
    """What holds for a connection. What is left out stays as it is, or is as usual."""

    model_config = ConfigDict(extra="forbid")

    account: str = Field(default="", max_length=60, pattern=_NO_NUL, description="Of the file server; empty: none.")
    file_name: str = Field(default="", max_length=255, pattern=_NO_NUL)
    layout: str = Field(default=DEFAULT_LAYOUT, max_length=100, pattern=_LAYOUT)
    policies: ConnectionPolicies = Field(default=ConnectionPolicies(), description="All of them: they take the place.")
    schedule: str = Field(default="arrival", pattern=_SCHEDULE)
    zone: str = Field(default="Europe/Amsterdam", max_length=60, pattern=_NO_NUL)
    late_after: Whole = Field(default=60, ge=0, le=MOST_MINUTES, description="Minutes after its time.")
    missing_after: Whole = Field(default=360, ge=0, le=MOST_MINUTES, description="Minutes after its time.")
    on_late: Literal["take", "next"] = "take"
    standing_approval: StrictBool = False
    guards: GuardsWanted = Field(default=GuardsWanted(), description="All of them: they take the place.")


class NewConnection(ConnectionSettings):
    """A connection that is to be made."""

    name: str = Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$")


class NewPassword(BaseModel):
    """A password of the file server."""

    model_config = ConfigDict(extra="forbid")

    password: str | None = Field(
        default=None,
        min_length=LEAST_CHARACTERS,
        max_length=MOST_CHARACTERS,
        pattern=r"^[^\u0000-\u001f]*$",
        description="Left out: a strong one is made.",
    )


class NewFileAccount(NewPassword):
    """An account of the file server that is to be made."""

    name: str = Field(pattern=_ACCOUNT, description="In small letters; it never changes.")
    plain_ftp: StrictBool = Field(default=False, description="It may sign in without TLS.")


class FileAccountSettings(BaseModel):
    """What an account of the file server may do. What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    plain_ftp: StrictBool = Field(default=False, description="It may sign in without TLS.")
    allow_missing_close_notify: StrictBool = Field(
        default=False, description="Its TLS data may end without close_notify."
    )
    active: StrictBool = Field(default=True, description="It may sign in at all.")


class Refusal(BaseModel):
    """Why it is refused; the supplier reads it."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=2000, pattern=_SAID)
