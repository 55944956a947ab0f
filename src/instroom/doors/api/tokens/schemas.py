"""Schemas of tokens."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import P, PathEx
from pydantic import BeforeValidator, Field

from instroom.doors.api.connections.schemas import refuse_other_than_number
from instroom.doors.api.me.schemas import Scope
from instroom.doors.api.schemas import LIMIT, NO_NUL, Document, NewDocument, Next, Sources
from instroom.flow.people.api_tokens import DAYS, MOST_DAYS, MOST_LETTERS, SCOPES

TokenId = PathEx[UUID, P(description="The id of a token.")]
Days = Annotated[int, Field(ge=1, le=MOST_DAYS), BeforeValidator(refuse_other_than_number)]


class ApiToken(Document):
    """A token without its secret: the document of `instroom token list --format json`."""

    id: UUID
    name: str = Field(description="The program that it is for.")
    user: str
    customer: str
    scopes: list[Scope]
    sources: list[str] = Field(description=LIMIT)
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    ended_at: datetime | None


class ApiTokens(Document):
    """A page of tokens for the customer, newest first, including those that have ended."""

    tokens: list[ApiToken]
    longest_days: int = Field(description="How many days a token that is made now may last on this site.")
    next: str | None = Next


class ApiTokenWithSecret(ApiToken):
    """A new token with its secret."""

    token: str = Field(description="What the program sends. It is never shown again.")


class NewApiToken(NewDocument):
    """A new token for a program of the same user."""

    name: str = Field(min_length=1, max_length=MOST_LETTERS, pattern=NO_NUL, description="The program that it is for.")
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(SCOPES))] = Field(
        description="Scopes of the token that asks."
    )
    sources: Sources | None = Field(
        None, description="The sources to which it is limited; by default those of the token that asks."
    )
    days: Days | None = Field(
        None,
        description=f"How long it is valid: no longer than the token that asks, and by default {DAYS} at most. 409: "
        "longer than the site allows, which is `longest_days` of the list.",
    )
