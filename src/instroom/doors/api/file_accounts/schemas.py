"""Schemas of the file server's accounts."""

from datetime import datetime
from typing import Final
from uuid import UUID

from ninja import P, PathEx
from pydantic import Field, StrictBool

from instroom.doors.api.schemas import Document
from instroom.flow.file_server.accounts import LEAST_CHARACTERS, MOST_CHARACTERS

_ACCOUNT: Final = r"^[a-z0-9][a-z0-9._-]{0,59}$"


class FileAccount(Document):
    """An account of the file server: the document of `instroom account list --format json`."""

    name: str
    plain_ftp: bool = Field(description="Whether it may sign in without TLS.")
    allow_missing_close_notify: bool = Field(
        description="Whether its data connections may close without TLS close_notify."
    )
    active: bool = Field(description="Whether it may sign in at all.")
    last_seen_at: datetime | None
    last_file_at: datetime | None
    last: UUID | None = Field(description="The delivery of its last file.")
    banned_until: datetime | None = Field(
        description="The end of a ban after failed sign-ins, from some addresses or all."
    )
    connections: list[str] = Field(description="The connections that it delivers for.")


class FileAccounts(Document):
    """All of the customer, by name."""

    accounts: list[FileAccount]


class FileAccountWithPassword(FileAccount):
    """An account with the password that was generated for it. The password is shown once."""

    password: str | None


AccountName = PathEx[str, P(description="The name of an account of the file server.", pattern=_ACCOUNT)]


class NewPassword(Document):
    """A new password for an account."""

    password: str | None = Field(
        default=None,
        min_length=LEAST_CHARACTERS,
        max_length=MOST_CHARACTERS,
        pattern=r"^[^\u0000-\u001f]*$",
        description="By default a strong password is generated.",
    )


class NewFileAccount(NewPassword):
    """The settings of a new account."""

    name: str = Field(pattern=_ACCOUNT, description="Lower case; it never changes.")
    plain_ftp: StrictBool = Field(default=False, description="Whether it may sign in without TLS.")


class FileAccountSettings(Document):
    """The settings of an account. An omitted field keeps its value."""

    plain_ftp: StrictBool = Field(default=False, description="Whether it may sign in without TLS.")
    allow_missing_close_notify: StrictBool = Field(
        default=False, description="Whether its data connections may close without TLS close_notify."
    )
    active: StrictBool = Field(default=True, description="Whether it may sign in at all.")
