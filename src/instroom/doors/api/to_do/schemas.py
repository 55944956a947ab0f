"""Schemas of what needs a person."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from instroom.doors.api.schemas import Document, Next
from instroom.flow.queries.to_do.thing import Kind


class ThingToDo(Document):
    """Something that a person has to do."""

    kind: Kind
    severity: Literal["error", "warning", "notice"] = Field(
        description="error: nothing comes in or goes on. warning: somebody waits. notice: it can wait."
    )
    about: str | None = Field(description="The name of a connection, file, account or webhook.")
    message: str = Field(description="What is the matter, in the language of the answer.")
    action: str = Field(description="What a person does about it, in the language of the answer.")
    since: datetime | None
    page: str | None = Field(description="The address of the page where it is done; null: at the command line.")


class ToDo(Document):
    """What needs a person, the worst first."""

    to_do: list[ThingToDo]
    next: str | None = Next
