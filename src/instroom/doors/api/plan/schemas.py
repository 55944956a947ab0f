"""Schemas of a plan, and of what changed since it was approved."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import P, QueryEx
from pydantic import Field

from instroom.core.fields import Kind
from instroom.core.plan.columns import JumpName
from instroom.core.plan.notable import Code
from instroom.doors.api.deliveries.schemas import Outcome
from instroom.doors.api.schemas import NO_NUL, Change, Document, EnvironmentName, Next

DifferenceWord = Literal["added", "different", "gone"]


class PlannedChange(Change):
    """A change of a plan, with the name of the dossier."""

    name: str
    warnings: list[str] = Field(description="The codes of the warnings on its row.")


class FieldCounts(Document):
    """How a field is filled, each dossier of the file counted once."""

    filled: int
    distinct: int = Field(description="How many different values.")
    most: int = Field(description="How many have the most common value.")
    new: int = Field(description="Values of dossiers that had none, new dossiers among them.")
    changed: int = Field(description="Values that take the place of another, or of which nothing is left.")


class ColumnCounts(FieldCounts):
    """A field of this file, beside the file before it."""

    field: str
    before: FieldCounts | None


class DossierCounts(Document):
    """How many companies or persons a file names."""

    dossiers: int
    new: int


class ColumnsOfKind(DossierCounts):
    """The companies or the persons of this file, beside the file before it."""

    before: DossierCounts | None
    fields: list[ColumnCounts]


class ColumnJump(Document):
    """What differs so much from the file before that people should look first."""

    name: JumpName
    kind: Kind
    field: str = Field(description="Blank for new keys.")
    number: int
    of: int
    percent_before: int
    message: str


class PlanColumns(Document):
    """The file by column, beside the last file of its connection that was imported."""

    compared_with: UUID | None = Field(description="The delivery of that file; null if there is none.")
    jumps: list[ColumnJump]
    companies: ColumnsOfKind
    persons: ColumnsOfKind


class Notable(Document):
    """What an approver should know first, in numbers."""

    code: Code = Field(
        description="How many dossiers change: `first` (no file came before), `usual`, `more` or `fewer` than usual."
        " Then what is grave: `identity`, `duplicates`, `unlinked`, `cleared`; and `absent`: persons of the file before"
        " who are not in this one, and stay as they are."
    )
    number: int
    before: int | None = Field(description="The same number of the file before; null where it is not known.")
    low: int = Field(description="Between this and `high` the number of dossiers that change usually is; else 0.")
    high: int
    message: str


class FrequentValue(Document):
    """A new value that 20 dossiers or more get in a field."""

    kind: Kind
    field: str
    value: str
    number: int
    message: str


class Plan(Document):
    """A page of a plan: first what stands out (unlinked, relinked, removed), then the rest in the order of the plan."""

    environment: EnvironmentName
    digest: str = Field(description="Plans that do the same have the same digest. Send it when you approve.")
    made_at: datetime
    renewing: bool = Field(
        description="Live has changed, and the plan is being made anew: it cannot be approved. Ask again in a second."
    )
    outcome: Outcome
    stands_out: list[Notable] = Field(description="Of the plan of a file against live; else empty.")
    frequent: list[FrequentValue] = Field(description="Of the plan of a file against live; else empty.")
    columns: PlanColumns | None = Field(description="Of the plan of a file against live; else null.")
    total: int = Field(description="How many changes match the filters.")
    changes: list[PlannedChange]
    next: str | None = Next


class PlanDifference(Document):
    """A dossier that the new plan changes in another way than the approved plan."""

    word: DifferenceWord = Field(
        description="`added`: only the new plan changes it. `gone`: only the approved plan did. `different`: both do."
    )
    name: str
    approved: Change | None
    now: Change | None


class DifferenceCounts(Document):
    """How many dossiers each word has."""

    added: int
    different: int
    gone: int


class PlanDifferences(Document):
    """A page of the differences between the new plan and the approved one."""

    digest: str = Field(description="The digest of the new plan. Send it when you approve.")
    approved_digest: str
    counts: DifferenceCounts
    total: int = Field(description="How many match the filters.")
    differences: list[PlanDifference]
    next: str | None = Next


ChangeFilter = QueryEx[
    Literal["new", "changed", "removed", "linked", "relinked", "unlinked", "warned"] | None,
    P(description="Only changes with this action or link, or with a warning on their row (`warned`)."),
]
DifferenceFilter = QueryEx[DifferenceWord | None, P(description="Only dossiers with this word.")]
TextFilter = QueryEx[
    str | None, P(max_length=200, pattern=NO_NUL, description="Only dossiers with this text in their key or name.")
]
FieldFilter = QueryEx[
    str | None,
    P(max_length=80, pattern=NO_NUL, description="Only changes of this field, behind its kind: `person.job_title`."),
]
KindFilter = QueryEx[Kind | None, P(description="Only companies, or only persons.")]
PlanEnvironment = QueryEx[EnvironmentName, P(description="The environment that the plan is for.")]
