"""Schemas of a plan, and of what changed since it was approved."""

from datetime import datetime
from typing import Literal

from ninja import P, QueryEx
from pydantic import Field

from instroom.doors.api.deliveries.schemas import Outcome
from instroom.doors.api.schemas import NO_NUL, Change, Document, EnvironmentName, Next

MovedWord = Literal["added", "different", "gone"]


class PlannedChange(Change):
    """A change of a plan, with the name of the dossier."""

    name: str
    warnings: list[str] = Field(description="The codes of the warnings on its row.")


class Plan(Document):
    """A page of a plan: what stands out first (unlinks, relinks, removals), then in the order of the plan."""

    environment: Literal["training", "live"]
    digest: str = Field(description="Equal for two plans that do the same. Send it when you approve.")
    made_at: datetime
    outcome: Outcome
    total: int = Field(description="How many changes match the filters.")
    changes: list[PlannedChange]
    next: str | None = Next


class MovedChange(Document):
    """A dossier with which the plan that waits does something else than the one that was approved."""

    word: MovedWord = Field(
        description="`added`: only the plan that waits touches it. `gone`: only the approved one did."
    )
    name: str
    approved: Change | None
    now: Change | None


class MovedCounts(Document):
    """How many dossiers of each word."""

    added: int
    different: int
    gone: int


class Moved(Document):
    """A piece of what moved in live since the approval."""

    digest: str = Field(description="Of the plan that waits: approve with it what was looked at.")
    approved_digest: str
    counts: MovedCounts
    total: int = Field(description="How many match the filters.")
    moved: list[MovedChange]
    next: str | None = Next


ChangeFilter = QueryEx[
    Literal["new", "changed", "removed", "linked", "relinked", "unlinked", "warned"] | None,
    P(description="Only changes with this action or link; `warned`: changes with a warning on their row."),
]
MovedFilter = QueryEx[MovedWord | None, P(description="Only dossiers of this word.")]
TextFilter = QueryEx[
    str | None, P(max_length=200, pattern=NO_NUL, description="Only dossiers with this text in their key or name.")
]
PlanEnvironment = QueryEx[EnvironmentName, P(description="The plan for this environment.")]
