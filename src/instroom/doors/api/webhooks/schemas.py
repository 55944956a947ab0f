"""What the API takes and answers about webhooks, as types."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import P, PathEx
from pydantic import BaseModel, ConfigDict, Field

from instroom.doors.api.documents import Document, Next
from instroom.flow.news.events import EVENTS
from instroom.flow.webhooks.destination import MOST_LETTERS

WebhookName = PathEx[str, P(description="The name of a webhook.", pattern=r"^[A-Za-z0-9_-]{1,60}$")]
CallId = PathEx[UUID, P(description="The id of a call: its `webhook-id`.")]
Event = Literal[
    "delivery.received",
    "delivery.rejected",
    "delivery.awaiting_approval",
    "delivery.held",
    "delivery.imported",
    "delivery.refused",
    "delivery.failed",
    "connection.late",
    "connection.missing",
    "connection.over",
]
_ADDRESS = r"^https?://[!-~]+$"


class Webhook(Document):
    """A program that is told of events: the document of `instroom webhook list --format json`."""

    name: str
    customer: str
    address: str = Field(description="Without its query, which may hold a secret.")
    events: list[Event]
    state: Literal["ready", "failing", "paused", "gone"] = Field(
        description="`failing`: a call waits that did not arrive at first. `gone`: paused, since its receiver said 410."
    )
    waiting: int = Field(description="Calls that have not arrived yet.")
    given_up: int = Field(description="Calls of the last thirty days that are tried no more.")
    made_at: datetime
    paused_at: datetime | None
    old_secret_until: datetime | None = Field(description="Until then the secret before this one signs too.")


class WebhookWithSecret(Webhook):
    """A webhook with a new secret."""

    secret: str = Field(description="What its receiver needs. It is never shown again.")


class Webhooks(Document):
    """All of them, by name."""

    webhooks: list[Webhook]


class WebhookAttempt(Document):
    """What came of one attempt."""

    at: datetime
    status: int | None = Field(description="Of the answer; null where there was none.")
    failure: (
        Literal["forbidden", "no-host", "timeout", "tls", "broken-off", "no-http", "unreachable", "no-secret"] | None
    )
    milliseconds: int


class WebhookCall(Document):
    """One event for one webhook, with the log of the attempts at it."""

    id: UUID
    event: Event | Literal["ping"]
    state: Literal["waiting", "delivered", "given-up"]
    delivery: UUID | None
    made_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    attempts: list[WebhookAttempt]


class WebhookCalls(Document):
    """A piece of the list, the newest first."""

    calls: list[WebhookCall]
    next: str | None = Next


class WebhookSettings(BaseModel):
    """Where a webhook leads, and of what it is told. What is left out stays as it is, or is all events."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(default="", max_length=MOST_LETTERS, pattern=_ADDRESS, description="With https.")
    events: list[Event] = Field(default=list(EVENTS), min_length=1, max_length=len(EVENTS))


class NewWebhook(WebhookSettings):
    """A webhook that is to be made."""

    name: str = Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$")
    address: str = Field(max_length=MOST_LETTERS, pattern=_ADDRESS, description="With https.")
