"""Schemas of deliveries and their findings."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from ninja import FormEx, HeaderEx, P, QueryEx
from pydantic import BeforeValidator, Field, RootModel

from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.core.model import FileFormat, Severity, Verdict
from instroom.core.plan.guards import Name as GuardName
from instroom.doors.api.schemas import LAYOUT, NO_NUL, SLUG, Document, Next, moment_of
from instroom.store.states import State


class Counts(Document):
    """What the check counted; zero before the check. `companies` and `persons` count different keys."""

    records: int = 0
    companies: int = 0
    persons: int = 0
    errors: int = 0
    warnings: int = 0
    notices: int = 0


class CompanyCounts(Document):
    """How many companies have each outcome."""

    new: int
    changed: int
    unchanged: int


class PersonCounts(CompanyCounts):
    """How many persons have each outcome. Links are counted separately from fields."""

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


_WAITS_UNTIL: Final = (
    "When a file that waits for the time of its connection is taken. Absent or null if it does not wait, or is taken at"
    " once."
)


class NearestName(Document):
    """The connection of its account whose file name is nearest to that of a file that no connection has."""

    connection: str
    file_name: str
    differs_in: list[Literal["invisible", "lookalikes", "case", "accents", "spaces", "punctuation"]] = Field(
        description="What the eye might miss; empty where the difference is plain to see."
    )


class CauseFacts(RootModel[dict[str, str]]):
    """Of `internal`: the kind of `error`, and its `place` in Instroom. Of other causes there are none."""


class Sentences(Document):
    """The same in Dutch and in English."""

    nl: str
    en: str


class Trouble(Document):
    """Why the last try of a delivery failed. `sentence` says it, with what to do."""

    cause: Literal[
        "file-missing", "file-changed", "file-unreadable", "key-gone", "memory", "internal", "crashed", "overtaken"
    ]
    facts: CauseFacts
    sentence: Sentences
    tries: int = Field(description="How many have failed.")
    again_at: datetime | None = Field(
        description="When it is tried again; null while that is being done, and where it has failed for good."
    )


class Merged(Document):
    """How a file with only corrected records was put in the version before it."""

    before: UUID = Field(description="That version.")
    replaced: int = Field(description="Records that took the place of a faulty one.")
    kept: int = Field(description="Records that were taken over unchanged.")


class Delivery(Document):
    """A delivery: the document of `instroom show --format json`, with its times."""

    id: UUID
    customer: str
    connection: str | None
    file: str
    state: State
    verdict: Verdict | None
    counts: Counts
    training: Outcome | None
    live: Outcome | None
    waits_for: Literal["hour", "name", "date"] | None = Field(
        None,
        description="What one that is `received` waits for: the time of its connection, or a person, as no connection"
        " has its `name` or the `date` in that is before the last one's; absent or null if it does not wait.",
    )
    waits_until: datetime | None = Field(None, description=_WAITS_UNTIL)
    nearest_name: NearestName | None = Field(
        None, description="Of a file that waits since no connection has its name; absent or null if no name is near."
    )
    trouble: Trouble | None = Field(
        None, description="What went wrong with one that is tried again later, or has failed; else absent or null."
    )
    merged: Merged | None = Field(
        None,
        description="Of a file with only corrected records, which was put in the version before; else absent or null."
        " Counts, findings and plans are of the whole.",
    )
    fewer_records: int | None = Field(
        None,
        description="How many records fewer than the version before it has; absent or null where there are as many.",
    )
    sha256: str | None = Field(description="Of the file; null for an undo.")
    received_at: datetime
    changed_at: datetime = Field(description="When it came to its state.")
    finished_at: datetime | None = Field(description="When it came to its end, if it has.")


class Event(Document):
    """One step or decision. `by` is null if Instroom acted by itself."""

    at: datetime
    action: str
    by: str | None


class ExceededGuard(Document):
    """A guard that holds a delivery: `number` out of `of`, and how many there may be at most without an approval."""

    guard: GuardName
    number: int
    of: int
    most_percent: int
    most_number: int
    since: datetime | None = Field(
        None, description="The first of the deliveries that are counted together; null for this one alone."
    )
    deliveries: int = Field(1, description="How many are counted together, this one among them.")


class ReportUnderWay(Document):
    """A file of the answer that is not there yet: the worker makes it, or has given it up. `language` is null for
    records, which are in none."""

    kind: Literal["annotated", "rejected", "report", "whole"]
    format: FileFormat
    language: Literal["nl", "en"] | None
    state: Literal["being-made", "given-up"]


class Timeline(Document):
    """What happened to a delivery, and what it waits for."""

    state: State
    reason: str | None = Field(
        description="Why it is in this state: `file`, `bsn`, `errors`, `skip-limit`, `stale`, `guards`, `once`,"
        " `corrected`, `erased`, `admitted`, `fewer-than-before`, `said-complete`,"
        " `live-changed`, `unapproved`, `nothing-changed`, `standing-ended`, `attempts`,"
        " a cause of `trouble`, or the text of a person."
    )
    waits_until: datetime | None = Field(description=_WAITS_UNTIL)
    due_at: datetime | None = Field(description="It is not imported in live before this moment.")
    delivered_by: str | None
    decided_by: str | None
    corrects: UUID | None = Field(description="The delivery that it corrects, as its next version.")
    undoes: UUID | None = Field(description="The delivery that it undoes.")
    one_dossier: bool = Field(description="Whether it restores one dossier of that alone.")
    exceeded: list[ExceededGuard] = Field(description="The guards that hold it.")
    reports: list[ReportUnderWay] = Field(description="The files of the answer that are not there yet.")
    events: list[Event]


class Deliveries(Document):
    """A page of the list, newest first."""

    deliveries: list[Delivery]
    next: str | None = Next


class Finding(Document):
    """One fault, or one thing worth knowing. `row` is the row in a spreadsheet, or null for the whole file."""

    code: str
    severity: Severity
    row: int | None
    column: str | None
    value: str | None
    other_rows: list[int]
    message: str
    remedy: str
    likely: str | None = Field(
        None,
        description="What the value probably means; absent or null where nobody can tell. It is taken over as that only"
        " where the message says that it was read so.",
    )


class Findings(Document):
    """A page of the findings, in order of row, then column."""

    total: int = Field(description="How many match the filters.")
    listed: int | None = Field(
        None,
        description="How many of those are listed, where that is fewer: if a delivery has more than 100,000 findings,"
        " the first 1,000 of each severity, code and column are.",
    )
    findings: list[Finding]
    next: str | None = Next


class CheckedFile(Document):
    """What is wrong with a file that was checked and not delivered."""

    file: str
    layout: str
    verdict: Verdict
    rejected_for: Literal["file", "bsn", "errors", "skip-limit"] | None = Field(
        description="Why a delivery of this file would be rejected; null where it would go on."
    )
    counts: Counts
    listed: int = Field(description="How many of the findings are listed: the first 1,000.")
    findings: list[Finding]


StateFilter = QueryEx[State | None, P(description="Only deliveries in this state.")]
KnownState = QueryEx[State | None, P(description="The state that you know. With `wait`, another one is waited for.")]
ConnectionFilter = QueryEx[str | None, P(pattern=SLUG, description="Only deliveries of this connection.")]
FileFilter = QueryEx[
    str | None,
    P(max_length=255, pattern=NO_NUL, description="Only deliveries of a file with this name, in any case."),
]
SinceFilter = QueryEx[
    Annotated[datetime, BeforeValidator(moment_of)] | None,
    P(description="Only deliveries that came to their state after this moment, such as `2030-01-31T20:00:00+01:00`."),
]
SeverityFilter = QueryEx[Severity | None, P(description="Only findings of this severity.")]
CodeFilter = QueryEx[str | None, P(max_length=60, pattern=NO_NUL, description="Only findings with this code.")]
ColumnFilter = QueryEx[str | None, P(max_length=200, pattern=NO_NUL, description="Only findings in this column.")]
ConnectionChoice = FormEx[str | None, P(pattern=SLUG, description="The connection of the delivery.")]
LayoutChoice = FormEx[
    str | None,
    P(
        max_length=100,
        pattern=LAYOUT,
        description=f"The layout; by default that of the connection, or {DEFAULT_LAYOUT}.",
    ),
]
Blank = FormEx[Literal["leave", "clear"] | None, P(description="What a blank cell does to the stored value.")]
OnError = FormEx[
    Literal["whole", "skip"] | None,
    P(description="What to do about records with errors: `whole` rejects the delivery, `skip` leaves them out."),
]
SkipLimit = FormEx[
    int | None,
    P(ge=0, le=100, description="With `skip`: reject the delivery if it leaves out more percent."),
]
NothingWords = FormEx[
    Literal["keep", "blank"] | None,
    P(description="What a word for nothing is read as, such as `NULL` or `n.v.t.`: itself, or a blank cell."),
]
Corrects = FormEx[UUID | None, P(description="The delivery that this file corrects, as its next version.")]
Complete = FormEx[
    bool | None,
    P(description="With `corrects`: the file has all records. It is taken as it is, also with fewer than before."),
]
IdempotencyKey = HeaderEx[
    str | None,
    P(
        alias="Idempotency-Key",
        min_length=1,
        max_length=100,
        pattern=r"^[!-~]([ -~]*[!-~])?$",
        description="A unique key of your choice. A request that is repeated with it delivers once.",
    ),
]
