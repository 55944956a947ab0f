"""What requests and answers of several resources share. Each resource has its own schemas beside its operations.

The OpenAPI document is made of these. The flow makes the answers, and the tests compare them with what stands here.
"""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from ninja import P, PathEx, QueryEx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from instroom.core.fields import Kind
from instroom.doors.api.pagination import DEFAULT, MOST


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
    row: int | None = Field(description="The first row of the file that causes it.")
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
Environment = PathEx[EnvironmentName, P(description="`live`, or `training` to look at first.")]
Limit = QueryEx[int, P(ge=1, le=MOST, description=f"The size of the page; {DEFAULT} by default.")]
Cursor = QueryEx[
    str | None, P(max_length=200, pattern=r"^[A-Za-z0-9_=-]+$", description="`next` of the previous page.")
]
KindFilter = QueryEx[Kind | None, P(description="Only companies, or only persons.")]


def whole(value: Any) -> Any:
    """A number of JSON, not a text or a truth that could be read as one. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    return value


Whole = Annotated[int, BeforeValidator(whole)]
Percent = Annotated[int, Field(ge=0, le=100), BeforeValidator(whole)]
