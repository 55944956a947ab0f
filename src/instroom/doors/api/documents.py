"""What the API answers, as types: the OpenAPI document is made of these. The flow makes the answers themselves, and the
tests compare them with what stands here."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from instroom.core.fields import Kind
from instroom.core.model import Severity, Verdict
from instroom.store.states import ConnectionState, State

Scope = Literal["read", "deliver", "withdraw", "approve", "refuse", "undo", "refresh", "configure"]
Next = Field(description="The `cursor` of the next piece; null at the end of the list.")


class Document(BaseModel):
    """What is not named here is not in an answer."""

    model_config = ConfigDict(extra="forbid")


class ErrorPlace(Document):
    """What is wrong at one place of the request."""

    place: str
    message: str


class Problem(Document):
    """What went wrong (RFC 9457). `type` is stable; `title` and `detail` are in the language that was asked for."""

    type: str = Field(pattern="^urn:instroom:problem:[a-z-]+$")
    title: str
    status: int
    detail: str
    errors: list[ErrorPlace] = []


class Counts(Document):
    """What the check counted; empty before the check. `companies` and `persons` count different keys."""

    records: int = 0
    companies: int = 0
    persons: int = 0
    errors: int = 0
    warnings: int = 0
    notices: int = 0


class CompanyCounts(Document):
    """What becomes of companies."""

    new: int
    changed: int
    unchanged: int


class PersonCounts(CompanyCounts):
    """What becomes of persons; links are counted apart from fields."""

    linked: int
    relinked: int
    unlinked: int


class Outcome(Document):
    """What a delivery does, or did, in one environment."""

    state: Literal["planned", "imported", "undone"]
    records: int
    left_out: int
    companies: CompanyCounts
    persons: PersonCounts


class Delivery(Document):
    """A delivery: the document of `instroom show --format json`."""

    id: UUID
    customer: str
    connection: str | None
    file: str
    state: State
    verdict: Verdict | None
    counts: Counts
    training: Outcome | None
    live: Outcome | None


class Event(Document):
    """One thing that was done with a delivery; `by` is null where nobody in particular did it."""

    at: datetime
    action: str
    by: str | None


class Course(Document):
    """What has become of a delivery, and what it waits for."""

    state: State
    reason: str | None = Field(
        description="Why it is in this state: file, errors, skip-limit, stale, guards,"
        " moved, standing-ended or attempts, or what a person wrote."
    )
    due_at: datetime | None = Field(description="Before this moment live is not imported.")
    delivered_by: str | None
    decided_by: str | None
    corrects: UUID | None = Field(description="The delivery of which it is the next version.")
    undoes: UUID | None = Field(description="The delivery that it undoes.")
    events: list[Event]


class Deliveries(Document):
    """A piece of the list, the newest first."""

    deliveries: list[Delivery]
    next: str | None = Next


class Finding(Document):
    """One fault, or one thing worth knowing. `row` is as a spreadsheet shows it; null: the file as a whole."""

    code: str
    severity: Severity
    row: int | None
    column: str | None
    value: str | None
    other_rows: list[int]
    message: str
    remedy: str


class Findings(Document):
    """A piece of the findings, in order of row, then column."""

    total: int = Field(description="How many there are of what was asked for.")
    findings: list[Finding]
    next: str | None = Next


class Change(Document):
    """What is done to one dossier. Pairs are the old value and the new one."""

    kind: Kind
    action: Literal["new", "changed", "unchanged", "removed"]
    source: str
    extern_id: str
    row: int | None = Field(description="The first row of the file that asks it.")
    fields: dict[str, tuple[str, str]]
    categories: list[tuple[str, str]]
    categories_removed: list[tuple[str, str]]
    free_fields: dict[str, tuple[str, str]]
    link: tuple[Literal["linked", "relinked", "unlinked"], str | None, str | None] | None = Field(
        description="What becomes of the link, and the ExternId of the company before and after."
    )


class PlannedChange(Change):
    """A change of a plan, with the name of the dossier."""

    name: str
    warnings: list[str] = Field(description="The codes of the warnings on its row of the file.")


class Plan(Document):
    """A piece of a plan: what stands out first (unlinks, relinks, removals), then in the order of the plan."""

    environment: Literal["training", "live"]
    digest: str = Field(description="Equal for two plans that do the same. Approve with it what was looked at.")
    made_at: datetime
    outcome: Outcome
    total: int = Field(description="How many changes there are of what was asked for.")
    changes: list[PlannedChange]
    next: str | None = Next


class Found(Document):
    """A dossier in a list."""

    kind: Kind
    source: str
    extern_id: str
    name: str
    company: str = Field(description="The name of a person's company; empty for a private person.")


class FoundDossiers(Document):
    """Companies first; at most fifty of a kind."""

    dossiers: list[Found]


class PastChange(Change):
    """What one import did to a dossier."""

    delivery: UUID
    at: datetime


class Dossier(Document):
    """A company or a person, with what each import did to it: the document of `instroom dossier --format json`."""

    kind: Kind
    source: str
    extern_id: str
    fields: dict[str, str]
    categories: list[tuple[str, str]]
    free_fields: dict[str, str]
    company: str | None = Field(description="The ExternId of a person's company.")
    persons: int = Field(description="How many persons a company has.")
    history: list[PastChange]


class Guard(Document):
    """How far a delivery may go without a person: neither may be passed."""

    percent: int
    number: int


class Guards(Document):
    """Of new, changed and unlinked dossiers, of records left out, and of records fewer than last time."""

    created: Guard
    changed: Guard
    unlinked: Guard
    left_out: Guard
    fewer: Guard


class Connection(Document):
    """A periodic delivery: the document of `instroom connection show --format json`."""

    name: str
    customer: str
    account: str | None = Field(description="The account of the file server that it comes in by.")
    file_name: str
    layout: str
    policies: dict[str, Any] = Field(description="Where they are not as agreed with the customer.")
    schedule: str = Field(description="`daily 01:00`, `weekly mon 01:00`, `monthly 1 01:00` or `arrival`.")
    zone: str
    late_after: int = Field(description="Minutes after its time.")
    missing_after: int = Field(description="Minutes after its time.")
    on_late: Literal["take", "next"]
    state: ConnectionState
    next: list[datetime] = Field(description="The next three times; none on arrival, or while it is paused.")
    last: UUID | None = Field(description="The last delivery that was looked at.")
    waiting: list[UUID] = Field(description="Deliveries that wait for its time, the newest first.")
    standing_approval: bool
    guards: Guards


class Connections(Document):
    """All of them, by name."""

    connections: list[Connection]


class Me(Document):
    """Whose token this is, and what it may do."""

    user: str
    customer: str
    token: str = Field(description="The name that the program was given.")
    scopes: list[Scope]
    may: list[Scope] = Field(description="The scopes, as far as the roles of the user allow them now.")
    expires_at: datetime


class Refreshed(Document):
    """Training will be made equal to live as soon as no delivery is on its way through it."""

    refresh: Literal["asked"]


Anything = dict[str, Any]
