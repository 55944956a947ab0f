"""What the API answers about what moved, as types; the others are in `documents`."""

from pydantic import Field

from instroom.doors.api.documents import Change, Document, Next
from instroom.doors.api.parameters import MovedWord


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
    total: int = Field(description="How many there are of what was asked for.")
    moved: list[MovedChange]
    next: str | None = Next
