"""Schemas of the token itself."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from instroom.doors.api.schemas import Document

Scope = Literal[
    "read",
    "export",
    "deliver",
    "withdraw",
    "comment",
    "approve",
    "refuse",
    "undo",
    "retry",
    "refresh",
    "configure",
    "privacy",
    "manage-tokens",
    "manage-users",
    "manage-customers",
]


class Me(Document):
    """The user of the token, and what it may do."""

    user: str
    customer: str
    token: str = Field(description="The name of the token.")
    scopes: list[Scope]
    allowed_scopes: list[Scope] = Field(description="The scopes that the roles of the user allow now.")
    sources: list[str] | None = Field(
        description="The sources that both the token and the roles of the user allow now. null: not limited."
    )
    expires_at: datetime
