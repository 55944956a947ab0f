"""Schemas of connections, the periodic deliveries."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from ninja import P, PathEx
from pydantic import BeforeValidator, Field, StrictBool

from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.core.schedule import DAYS, NAMED_DAYS, OnClosed
from instroom.doors.api.schemas import (
    LAYOUT,
    LIMIT,
    NEW_NAME,
    NO_NUL,
    SLUG,
    ChangesDocument,
    Document,
    NewDocument,
    RequestDocument,
    Sources,
)
from instroom.flow.connections.connections import MOST_MINUTES, MOST_RECORDS
from instroom.flow.news.mail_choice import KINDS, MAY_BE_OFF, NEVER_OFF, URGENT
from instroom.store.states import ConnectionState

CLOCK: Final = "([01][0-9]|2[0-3]):[0-5][0-9]"
_WEEKDAYS: Final = f"({'|'.join(DAYS)})(,({'|'.join(DAYS)}))*"
_MONTH_DAY: Final = f"([1-9]|[12][0-9]|3[01]|{'|'.join(NAMED_DAYS)})"
_SCHEDULE: Final = f"^(arrival|(daily|workdays|weekly {_WEEKDAYS}|monthly {_MONTH_DAY}) {CLOCK}(,{CLOCK})*)$"
_SCHEDULES: Final = (
    "`daily 01:00`, `daily 06:00,12:00`, `workdays 06:00`, `weekly mon 01:00`, `weekly mon,thu 01:00`, "
    "`monthly 1 01:00`, `monthly last 07:00`, `monthly first-workday 07:00`, `monthly last-workday 07:00` or `arrival`."
)
_FILE_NAME: Final = (
    "The name of the file, or a pattern: `*` stands for any characters, `{date}` for a date (`20270504`, `2027-05-04`, "
    "`04-05-2027`), `{yyyy}`, `{yy}`, `{mm}` and `{dd}` for its parts."
)
_FOLDER: Final = "Where the files land, below the account's own directory: `export/hr`. It is made at the next sign-in."
_SAME: Final = "Whether a file with the same bytes as last time is normal: then nobody is told."
_PEOPLE: Final = "User names: of those whose role gets a mail, these get it. Where none of them is chosen, all do."
_OFF: Final = f"Kinds of mails that are not sent. Always sent are {', '.join(NEVER_OFF)}."
_OVERVIEW_AT: Final = (
    "When a daily overview gathers the mails, on the clock of `zone`: `17:00`. An empty text: there is none."
)
_AT_ONCE: Final = "Kinds of mails that do not wait for the daily overview."
_ON_CLOSED: Final = "What becomes of a time on a closing day of the customer."


def refuse_other_than_number(value: Any) -> Any:
    """Pydantic would read numbers from strings and booleans. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    return value


# The limits stand before the validator: behind it, they would be missing from the OpenAPI document.
Percent = Annotated[int, Field(ge=0, le=100), BeforeValidator(refuse_other_than_number)]


class Guard(Document):
    """How far a delivery may go without approval by a person, and how far all deliveries of seven days together. Both
    limits apply."""

    percent: int
    number: int
    least: int = Field(description="So many are always allowed, whatever their share.")


class Guards(Document):
    """Limits on new, changed and unlinked dossiers, those with another e-mail address, debtor number or invoice address
    (`sensitive`), records left out, and records fewer than before."""

    created: Guard
    changed: Guard
    sensitive: Guard
    unlinked: Guard
    left_out: Guard
    fewer: Guard


class Policies(Document):
    """Policies of a connection that differ from the customer's. The others are left out."""

    blank: Literal["leave", "clear"] | None = None
    nothing_words: Literal["keep", "blank"] | None = None
    on_error: Literal["whole", "skip"] | None = None
    skip_limit_percent: int | None = None
    approver_differs: bool | None = None
    quiet_above: int | None = None
    quiet_from: str | None = None
    quiet_until: str | None = None
    unchanged_ends: bool | None = None


class Mails(Document):
    """Who gets which mails of a connection, and when."""

    people: list[str] = Field(description=_PEOPLE)
    off: list[str] = Field(description=_OFF)
    overview_at: str = Field(description=_OVERVIEW_AT)
    at_once: list[str] = Field(description=_AT_ONCE)


class Connection(Document):
    """A periodic delivery: the document of `instroom connection show --format json`."""

    name: str
    customer: str
    account: str | None = Field(description="The file server account that delivers it.")
    file_name: str = Field(description=_FILE_NAME)
    folder: str = Field(description=_FOLDER)
    sources: list[str] = Field(description=LIMIT)
    layout: str
    policies: Policies = Field(description="The policies that differ from the customer's.")
    schedule: str = Field(description=_SCHEDULES)
    zone: str
    on_closed: OnClosed = Field(description=_ON_CLOSED)
    late_after: int = Field(description="Minutes after its time.")
    missing_after: int = Field(description="Minutes after its time.")
    on_late: Literal["take", "next"]
    same_is_normal: bool = Field(description=_SAME)
    on_correction: Literal["take", "next"]
    state: ConnectionState
    next: list[datetime] = Field(description="The next three times; empty for `arrival`, or while paused.")
    last: UUID | None = Field(description="The last delivery that was taken.")
    waiting: list[UUID] = Field(description="Deliveries that wait for its time, newest first.")
    standing_approval: bool
    stands_back_since: datetime | None = Field(
        description="A person has undone, refused or withdrawn a file of this connection: until a person approves one,"
        " deliveries are held. Null if nothing is held for this."
    )
    standing_lapsed: bool = Field(
        description="Whoever gave the standing approval may no longer approve: deliveries are held until somebody sends"
        " `standing_approval` true again."
    )
    proposals: list[UUID] = Field(description="Proposals to relax its safeguards that wait for a second person.")
    guards: Guards
    mails: Mails


class Connections(Document):
    """All connections of the customer, by name."""

    connections: list[Connection]


ConnectionName = PathEx[str, P(description="The name of a connection.", pattern=SLUG)]
Records = Annotated[int, Field(ge=0, le=MOST_RECORDS), BeforeValidator(refuse_other_than_number)]


Dossiers = Annotated[int, Field(ge=0, le=2 * MOST_RECORDS), BeforeValidator(refuse_other_than_number)]


class GuardLimit(RequestDocument):
    """A percentage and a number. Both limits apply."""

    percent: Percent
    number: Dossiers
    least: Dossiers | None = Field(None, description="So many are always allowed, whatever their share.")


class GuardSettings(NewDocument):
    """Guards that differ from the defaults."""

    created: GuardLimit | None = None
    changed: GuardLimit | None = None
    sensitive: GuardLimit | None = None
    unlinked: GuardLimit | None = None
    left_out: GuardLimit | None = None
    fewer: GuardLimit | None = None


class PolicySettings(RequestDocument):
    """Policies that differ from the customer's. Null: that of the customer."""

    blank: Literal["leave", "clear"] | None = None
    on_error: Literal["whole", "skip"] | None = None
    skip_limit_percent: Percent | None = None
    nothing_words: Literal["keep", "blank"] | None = None
    approver_differs: StrictBool | None = None
    quiet_above: Records | None = None
    quiet_from: str | None = Field(default=None, pattern=f"^({CLOCK})?$")
    quiet_until: str | None = Field(default=None, pattern=f"^{CLOCK}$")
    unchanged_ends: StrictBool | None = None


MailKinds = Annotated[list[Annotated[str, Field(pattern=f"^({'|'.join(KINDS)})$")]], Field(max_length=len(KINDS))]


class MailSettings(NewDocument):
    """Who gets which mails, and when."""

    people: list[Annotated[str, Field(max_length=150, pattern=NO_NUL)]] | None = Field(None, description=_PEOPLE)
    off: MailKinds | None = Field(None, description=f"{_OFF} The others are {', '.join(MAY_BE_OFF)}.")
    overview_at: str | None = Field(None, pattern=f"^({CLOCK})?$", description=_OVERVIEW_AT)
    at_once: MailKinds | None = Field(None, description=f"{_AT_ONCE} By default {', '.join(URGENT)}.")


FileAccountChoice = Annotated[str | None, Field(max_length=60, pattern=NO_NUL)]
Folder = Annotated[str | None, Field(max_length=200, pattern=NO_NUL)]
FileName = Annotated[str | None, Field(max_length=255, pattern=NO_NUL)]
LayoutOfConnection = Annotated[str | None, Field(max_length=100, pattern=LAYOUT)]
ScheduleChoice = Annotated[str | None, Field(max_length=200, pattern=_SCHEDULE)]
ZoneChoice = Annotated[str | None, Field(max_length=60, pattern=NO_NUL)]
Minutes = Annotated[int, Field(ge=0, le=MOST_MINUTES), BeforeValidator(refuse_other_than_number)]
OnLate = Literal["take", "next"]


class NewConnection(NewDocument):
    """The settings of a new connection."""

    name: str = Field(pattern=NEW_NAME)
    account: FileAccountChoice = Field(None, description="The file server account; by default none.")
    file_name: FileName = Field(None, description=f"{_FILE_NAME} By default none.")
    folder: Folder = Field(None, description=f"{_FOLDER} By default none.")
    sources: Sources | None = Field(None, description=LIMIT)
    layout: LayoutOfConnection = Field(None, description=f"By default {DEFAULT_LAYOUT}.")
    policies: PolicySettings | None = Field(None, description="By default those of the customer.")
    schedule: ScheduleChoice = Field(None, description=f"{_SCHEDULES} By default `arrival`.")
    zone: ZoneChoice = Field(None, description="By default Europe/Amsterdam.")
    on_closed: OnClosed | None = Field(None, description=f"{_ON_CLOSED} By default `skip`.")
    late_after: Minutes | None = Field(None, description="Minutes after its time; by default 60.")
    missing_after: Minutes | None = Field(None, description="Minutes after its time; by default 360.")
    on_late: OnLate | None = Field(None, description="By default `take`.")
    same_is_normal: StrictBool | None = Field(None, description=f"{_SAME} By default false.")
    on_correction: OnLate | None = Field(None, description="By default `take`.")
    standing_approval: StrictBool | None = Field(None, description="By default false.")
    guards: GuardSettings | None = Field(None, description="By default those of Instroom.")
    mails: MailSettings | None = Field(None, description="By default everybody gets those of their role, at once.")


class ConnectionChanges(ChangesDocument):
    """What changes of a connection. All else keeps its value."""

    name: str | None = Field(None, pattern=NEW_NAME, description="Another name; what came in is shown under it too.")
    account: FileAccountChoice = Field(None, description="The file server account; an empty text for none.")
    file_name: FileName = Field(None, description=f"{_FILE_NAME} An empty text for none.")
    folder: Folder = Field(None, description=f"{_FOLDER} An empty text for none.")
    sources: Sources | None = Field(None, description=LIMIT)
    layout: LayoutOfConnection = None
    policies: PolicySettings | None = Field(None, description="Replaces all its policies; an empty object for none.")
    schedule: ScheduleChoice = Field(None, description=_SCHEDULES)
    zone: ZoneChoice = None
    on_closed: OnClosed | None = Field(None, description=_ON_CLOSED)
    late_after: Minutes | None = Field(None, description="Minutes after its time.")
    missing_after: Minutes | None = Field(None, description="Minutes after its time.")
    on_late: OnLate | None = None
    same_is_normal: StrictBool | None = Field(None, description=_SAME)
    on_correction: OnLate | None = None
    standing_approval: StrictBool | None = None
    guards: GuardSettings | None = Field(None, description="Replaces all its guards; an empty object for the defaults.")
    mails: MailSettings | None = Field(None, description="Replaces what was chosen; an empty object for the defaults.")


def given(settings: NewConnection | ConnectionChanges) -> dict[str, Any]:
    """What is asked, as `flow.connections.connections` takes it."""
    asked: dict[str, Any] = settings.model_dump(exclude_none=True)
    if "standing_approval" in asked:
        asked["standing"] = asked.pop("standing_approval")
    if "guards" in asked:
        asked["guards"] = {name: list(limit.values()) for name, limit in asked["guards"].items()}
    return asked
