"""Schemas of webhooks and their calls."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import P, PathEx
from pydantic import Field

from instroom.doors.api.schemas import NEW_NAME, SLUG, ChangesDocument, Document, NewDocument, Next
from instroom.flow.news.events import EVENTS
from instroom.flow.webhooks.destination import MOST_LETTERS

WebhookName = PathEx[str, P(description="The name of a webhook.", pattern=SLUG)]
CallId = PathEx[UUID, P(description="The id of a call: its `webhook-id`.")]
Event = Literal[
    "delivery.received",
    "delivery.rejected",
    "delivery.awaiting_approval",
    "delivery.held",
    "delivery.imported",
    "delivery.refused",
    "delivery.failed",
    "delivery.superseded",
    "delivery.withdrawn",
    "delivery.undone",
    "connection.late",
    "connection.missing",
    "connection.over",
]
_ADDRESS = r"^https?://[!-~]+$"


class Webhook(Document):
    """A program that receives events: the document of `instroom webhook list --format json`."""

    name: str
    customer: str
    address: str = Field(description="Without its query, which may hold a secret.")
    events: list[Event]
    state: Literal["ready", "failing", "paused", "gone"] = Field(
        description="`failing`: a failed call is being retried. `gone`: paused, because its receiver answered 410."
    )
    waiting: int = Field(description="How many calls are not delivered yet.")
    given_up: int = Field(description="How many calls of the last thirty days are no longer retried.")
    made_at: datetime
    paused_at: datetime | None
    old_secret_until: datetime | None = Field(description="Until then, calls are signed with the old secret too.")


class WebhookWithSecret(Webhook):
    """A webhook with its new secret."""

    secret: str = Field(description="The receiver verifies calls with it. It is never shown again.")


class Webhooks(Document):
    """All webhooks of the customer, by name."""

    webhooks: list[Webhook]


class WebhookAttempt(Document):
    """One attempt to deliver a call."""

    at: datetime
    status: int | None = Field(description="The status of the answer; null if there was none.")
    failure: (
        Literal["forbidden", "no-host", "timeout", "tls", "broken-off", "no-http", "unreachable", "no-secret"] | None
    )
    milliseconds: int


class WebhookCall(Document):
    """One event for one webhook, with its attempts."""

    id: UUID
    event: Event | Literal["ping"]
    state: Literal["waiting", "delivered", "given-up"]
    delivery: UUID | None
    made_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    attempts: list[WebhookAttempt]


class WebhookCalls(Document):
    """A page of the list, newest first."""

    calls: list[WebhookCall]
    next: str | None = Next


Address = Annotated[str, Field(max_length=MOST_LETTERS, pattern=_ADDRESS)]
Events = Annotated[list[Event], Field(min_length=1, max_length=len(EVENTS))]


class NewWebhook(NewDocument):
    """The settings of a new webhook."""

    name: str = Field(pattern=NEW_NAME)
    address: Address = Field(description="An https address.")
    events: Events | None = Field(None, description="By default all.")


class WebhookChanges(ChangesDocument):
    """What changes of a webhook. All else keeps its value."""

    name: str | None = Field(None, pattern=NEW_NAME, description="Another name. Its calls stay.")
    address: Address | None = Field(None, description="An https address.")
    events: Events | None = Field(None, description="Replaces all its events.")
