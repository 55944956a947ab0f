"""What several resources share. Each resource has its own schemas beside its operations.

The OpenAPI document is made from the schemas. The flow makes the answers, and tests compare the two.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from ninja import P, PathEx, QueryEx
from pydantic import BaseModel, ConfigDict, Field, RootModel
from pydantic_core import PydanticCustomError

from instroom.core.fields import Kind
from instroom.core.model import FileFormat
from instroom.doors.api.pagination import DEFAULT_LIMIT, MAX_LIMIT
from instroom.flow.source_limits import MOST, MOST_LETTERS


def _allow_more(schema: dict[str, Any]) -> None:
    """Of an answer the OpenAPI document says what it has now. A program that is made from it meets later versions."""
    schema.pop("additionalProperties", None)


class Document(BaseModel):
    """An answer, or a part of one. Tests refuse fields that it does not name; programs take those of later versions."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_allow_more)


class RequestDocument(BaseModel):
    """What is sent as JSON, or a part of it. Refuses fields that it does not name."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=None)


def _says_of_null(text: str) -> Callable[[dict[str, Any]], None]:
    def complete(schema: dict[str, Any]) -> None:
        for field in schema["properties"].values():
            if {"type": "null"} in field.get("anyOf", ()):
                field["description"] = f"{field.get('description', '')} {text}".strip()

    return complete


class NewDocument(RequestDocument):
    """What something new is made of. Programs that send null for what they leave out get the same."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_says_of_null("Null: the default."))


class ChangesDocument(RequestDocument):
    """What is to change. Nothing has a default: made programs send defaults, also of what nobody has set. Some send
    null instead, which changes nothing either."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_says_of_null("Null: it keeps its value."))


Next = Field(description="The `cursor` of the next page; null on the last page.")


class ErrorPlace(Document):
    """What is wrong with one value of the request."""

    place: str
    message: str


class Problem(Document):
    """What went wrong (RFC 9457). `type` is stable; `title` and `detail` are in the requested language."""

    type: str = Field(pattern="^urn:instroom:problem:[a-z-]+$")
    title: str
    status: int
    detail: str
    errors: list[ErrorPlace] = []


class ChangedValues(RootModel[dict[str, tuple[str, str]]]):
    """Fields that change, each with its old and its new value."""


class Change(Document):
    """What happens to one dossier. Pairs are the old value and the new one."""

    kind: Kind
    action: Literal["new", "changed", "unchanged", "removed"]
    source: str
    extern_id: str
    row: int | None = Field(description="The first row in the file that causes it.")
    fields: ChangedValues
    categories: list[tuple[str, str]]
    categories_removed: list[tuple[str, str]]
    free_fields: ChangedValues
    link: tuple[Literal["linked", "relinked", "unlinked"], str | None, str | None] | None = Field(
        description="What happens to the link, and the ExternId of the company before and after."
    )


_SPACE_FOR_PLUS: Final = re.compile(r"(?<=:[0-9]{2}) (?=[0-9]{2}:[0-9]{2}$)|(?<=[0-9]{3}) (?=[0-9]{2}:[0-9]{2}$)")


def moment_of(value: Any) -> datetime:
    """A moment with its UTC offset (RFC 3339). In a query, a + that is not escaped comes as a space.

    Raises PydanticCustomError.
    """
    try:
        at = datetime.fromisoformat(_SPACE_FOR_PLUS.sub("+", value)) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or len(str(value)) < len("2030-01-01T20:00"):
        raise PydanticCustomError("moment", "not a moment")
    if at.tzinfo is None:
        raise PydanticCustomError("moment-without-offset", "no offset")
    return at


NO_NUL: Final = r"^[^\u0000]*$"
"""PostgreSQL cannot store it."""
SLUG: Final = r"^[A-Za-z0-9_-]{1,60}$"
NEW_NAME: Final = r"^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$"
LAYOUT: Final = r"^[A-Za-z0-9_-]+(/[0-9]{1,6})?$"
"""A name. A path would make us read a file of the server."""

CustomerName = PathEx[str, P(description="The customer of the token.", pattern=SLUG)]
DeliveryId = PathEx[UUID, P(description="The id of a delivery.")]
EnvironmentName = Literal["live", "training"]
Environment = PathEx[EnvironmentName, P(description="`live`, or `training` to see an import before it is approved.")]
Limit = QueryEx[int, P(ge=1, le=MAX_LIMIT, description=f"The size of the page; {DEFAULT_LIMIT} by default.")]
Cursor = QueryEx[
    str | None, P(max_length=200, pattern=r"^[A-Za-z0-9_=-]+$", description="`next` of the previous page.")
]
LayoutName = QueryEx[str, P(max_length=100, pattern=LAYOUT, description="The name of a layout.")]
FileFormatChoice = QueryEx[FileFormat, P(alias="format", description="The format of the file.")]


Sources = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=MOST_LETTERS, pattern=NO_NUL)]], Field(max_length=MOST)
]
LIMIT: Final = "The sources (ExternSource) to which it is limited. An empty list: it is not."
