"""Schemas of proposals to relax a safeguard."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import P, PathEx
from pydantic import Field

from instroom.doors.api.schemas import Document

ProposalId = PathEx[UUID, P(description="The id of a proposal.")]


class RelaxedSafeguard(Document):
    """One safeguard, as it is and as it would become."""

    safeguard: str = Field(
        description="`standing`, `approver_differs`, `quiet_above`, `quiet_hours` (from, until), or the name of a guard"
        " (percent, number, least)."
    )
    old: list[str]
    new: list[str]


class Proposal(Document):
    """Somebody wants to relax safeguards. Nothing changes until another person confirms it."""

    id: UUID
    customer: str
    connection: str | None = Field(description="The connection whose safeguards they are; null: the customer's.")
    state: Literal["waiting", "confirmed", "refused", "replaced"]
    asked_by: str
    asked_at: datetime
    relaxes: list[RelaxedSafeguard]


class Proposals(Document):
    """The proposals that wait, the oldest first."""

    proposals: list[Proposal]
