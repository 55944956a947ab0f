"""What the API answers of the accounts of the file server, as types."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from instroom.doors.api.documents import Document


class FileAccount(Document):
    """An account of the file server: the document of `instroom account list --format json`."""

    name: str
    plain_ftp: bool = Field(description="It may sign in without TLS.")
    allow_missing_close_notify: bool = Field(description="Its TLS data may end without close_notify.")
    active: bool = Field(description="It may sign in at all.")
    last_seen_at: datetime | None
    last_file_at: datetime | None
    last: UUID | None = Field(description="The delivery of the last file that it brought.")
    banned_until: datetime | None = Field(description="After failed sign-ins, from some addresses or all.")
    connections: list[str] = Field(description="Those whose file it brings.")


class FileAccounts(Document):
    """All of them, by name."""

    accounts: list[FileAccount]


class FileAccountWithPassword(FileAccount):
    """With the password where it was made here: it is told once."""

    password: str | None
