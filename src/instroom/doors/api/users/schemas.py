"""Schemas of the users of a customer."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import P, PathEx
from pydantic import Field, StrictBool

from instroom.doors.api.schemas import LIMIT, ChangesDocument, Document, Sources

RoleName = Literal["operator", "supplier", "approver", "reader", "exporter"]
Roles = Annotated[list[RoleName], Field(min_length=1, max_length=5)]
UserId = PathEx[UUID, P(description="The id of a user with a role for the customer.")]


class User(Document):
    """A user with a role for the customer: the document of `instroom user list --format json`."""

    id: UUID
    name: str
    full_name: str = Field(description="What the user is called on pages; blank where that is the name.")
    email: str
    roles: list[RoleName]
    sources: list[str] = Field(description=LIMIT)
    active: bool = Field(description="Whether the user may sign in at all.")
    second_factor: bool
    last_sign_in_at: datetime | None


class Users(Document):
    """All users with a role for the customer, by name."""

    users: list[User]


class UserChanges(ChangesDocument):
    """What changes of a user. All else keeps its value."""

    roles: Roles | None = Field(None, description="Replaces all roles of the user for the customer.")
    sources: Sources | None = Field(None, description=f"{LIMIT} Replaces those of before.")
    active: StrictBool | None = Field(None, description="Whether the user may sign in at all, for any customer.")
