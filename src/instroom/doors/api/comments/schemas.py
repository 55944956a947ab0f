"""Schemas of questions and remarks."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from instroom.doors.api.decisions.schemas import NOT_BLANK
from instroom.doors.api.schemas import Document, NewDocument
from instroom.flow.comments import MOST_LETTERS, MOST_ROWS


class NewComment(NewDocument):
    """What to ask or say."""

    text: str = Field(min_length=1, max_length=MOST_LETTERS, pattern=NOT_BLANK)
    asks: bool | None = Field(
        default=None, description="Whether an answer is expected, as it usually is: the question stays open until then."
    )
    row: int | None = Field(default=None, ge=1, le=MOST_ROWS, description="The row of the file that it is about.")


class Comment(Document):
    """A question or a remark."""

    id: UUID
    at: datetime
    by: str
    text: str = Field(description="Blank once the values of the delivery are removed.")
    asks: bool
    row: int | None = Field(description="The row of the file that it is about; null: the delivery as a whole.")


class Comments(Document):
    """All of a delivery, at most 200, the first one first."""

    question_open: bool = Field(description="The last one asks something.")
    comments: list[Comment]
