"""What several resources share. Each resource has its own schemas beside its operations.

The OpenAPI document is made from the schemas. The flow makes the answers, and tests compare the two.
"""

from typing import Final, Literal
from uuid import UUID

from ninja import P, PathEx, QueryEx
from pydantic import BaseModel, ConfigDict, Field

from instroom.core.fields import Kind
from instroom.core.model import FileFormat
from instroom.doors.api.pagination import DEFAULT_LIMIT, MAX_LIMIT


class Document(BaseModel):
    """Refuses fields that it does not name, in requests and answers alike."""

    model_config = ConfigDict(extra="forbid")


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


class Change(Document):
    """What happens to one dossier. Pairs are the old value and the new one."""

    kind: Kind
    action: Literal["new", "changed", "unchanged", "removed"]
    source: str
    extern_id: str
    row: int | None = Field(description="The first row in the file that causes it.")
    fields: dict[str, tuple[str, str]]
    categories: list[tuple[str, str]]
    categories_removed: list[tuple[str, str]]
    free_fields: dict[str, tuple[str, str]]
    link: tuple[Literal["linked", "relinked", "unlinked"], str | None, str | None] | None = Field(
        description="What happens to the link, and the ExternId of the company before and after."
    )


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
