"""Schemas of invitations."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import P, PathEx
from pydantic import Field

from instroom.doors.api.schemas import LIMIT, NO_NUL, Document, NewDocument, Sources
from instroom.doors.api.users.schemas import RoleName, Roles

InvitationId = PathEx[UUID, P(description="The id of an open invitation.")]


class Invitation(Document):
    """An open invitation: the document of `instroom invitation list --format json`. Only the mail has its link."""

    id: UUID
    email: str
    roles: list[RoleName]
    sources: list[str] = Field(description=LIMIT)
    invited_by: str | None
    made_at: datetime
    expires_at: datetime


class Invitations(Document):
    """The open invitations of the customer, newest first."""

    invitations: list[Invitation]


class NewInvitation(NewDocument):
    """Whom to invite, to which roles."""

    email: str = Field(max_length=254, pattern=NO_NUL)
    roles: Roles
    sources: Sources | None = Field(None, description=LIMIT)
    language: Literal["nl", "en"] | None = Field(None, description="Of the mail; by default `nl`.")
