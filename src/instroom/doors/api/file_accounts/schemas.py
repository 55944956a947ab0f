"""Schemas of the file server's accounts."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from ninja import P, PathEx
from pydantic import Field, StrictBool

from instroom.doors.api.schemas import LIMIT, NO_NUL, ChangesDocument, Document, NewDocument, Sources
from instroom.flow.people.password_strength import LEAST_OF_ACCOUNT, MOST_CHARACTERS

_ACCOUNT: Final = r"^[a-z0-9][a-z0-9._-]{0,59}$"
_TLS_RESUMPTION: Final = (
    "Whether its data connections must resume the TLS session of their control connection, so that nobody else on the"
    " same address can take them."
)
TlsResumption = Literal["learned", "always", "never"]


class FileAccount(Document):
    """An account of the file server: the document of `instroom account list --format json`."""

    name: str
    plain_ftp: bool = Field(description="Whether it may sign in without TLS.")
    allow_missing_close_notify: bool = Field(
        description="Whether its data connections may close without TLS close_notify."
    )
    tls_resumption: TlsResumption = Field(description=_TLS_RESUMPTION)
    tls_resumption_required: bool = Field(description="Whether they must now: chosen, or learned.")
    tls_resumed: int = Field(description="How many data connections have resumed the TLS session.")
    tls_not_resumed: int = Field(description="How many have not.")
    active: bool = Field(description="Whether it may sign in at all.")
    sources: list[str] = Field(description=LIMIT)
    contact: str | None = Field(description="The user whose program it is.")
    counts_as: list[str] = Field(
        description="The users who count as the makers of what it delivers: under two-person approval they do not"
        " approve it."
    )
    last_seen_at: datetime | None
    last_file_at: datetime | None
    last: UUID | None = Field(description="The delivery of its last file.")
    banned_until: datetime | None = Field(
        description="The end of a ban after failed sign-ins; the ban may hold for some addresses only."
    )
    connections: list[str] = Field(description="The connections that it delivers for.")


class FileAccounts(Document):
    """All file server accounts of the customer, by name."""

    accounts: list[FileAccount]


class FileAccountWithPassword(FileAccount):
    """An account with the password that was generated for it, if any. It is never shown again."""

    password: str | None


class FailedAttempt(Document):
    """A sign-in or an upload of an account that failed."""

    at: datetime = Field(description="The last time.")
    cause: str = Field(description="A stable code, such as no-close-notify.")
    message: str = Field(description="The cause in words.")
    setting: str | None = Field(description="What can be changed about it: of the account, or of the site.")
    file_name: str | None
    address: str | None = Field(description="From where.")
    times: int = Field(description="How often the same failed within an hour of each other.")


class FailedAttempts(Document):
    """The last failed attempts of an account, the newest first: at most 50, and for thirty days."""

    attempts: list[FailedAttempt]


class LeftFile(Document):
    """A complete upload under a temporary name, which its program never renamed."""

    id: UUID
    name: str
    bytes: int
    received_at: datetime
    kept_until: datetime
    may_be_renamed: bool = Field(description="Whether its program is still given the time to rename it.")


class LeftFiles(Document):
    """The uploads of an account that were left under a temporary name, the oldest first."""

    files: list[LeftFile]


class LeftFileDelivered(Document):
    """What became of an upload that was left."""

    delivery: UUID


LeftFileId = PathEx[UUID, P(description="The id of an upload that was left.")]
AccountName = PathEx[str, P(description="The name of an account of the file server.", pattern=_ACCOUNT)]


Password = Annotated[
    str | None,
    Field(min_length=LEAST_OF_ACCOUNT, max_length=MOST_CHARACTERS, pattern=r"^[^\u0000-\u001f]*$"),
]
_GENERATED: Final = "By default a strong one is generated."
_PLAIN_FTP: Final = "Whether it may sign in without TLS"
_MISSING_CLOSE_NOTIFY: Final = "Whether its data connections may close without TLS close_notify."


class NewPassword(NewDocument):
    """A new password for an account."""

    password: Password = Field(None, description=_GENERATED)


class NewFileAccount(NewDocument):
    """The settings of a new account."""

    name: str = Field(pattern=_ACCOUNT, description="In lower case.")
    password: Password = Field(None, description=_GENERATED)
    plain_ftp: StrictBool | None = Field(None, description=f"{_PLAIN_FTP}; by default not.")
    sources: Sources | None = Field(None, description=LIMIT)


class FileAccountChanges(ChangesDocument):
    """What changes of an account. All else keeps its value."""

    name: str | None = Field(None, pattern=_ACCOUNT, description="Another name. Its directory and its password stay.")
    plain_ftp: StrictBool | None = Field(None, description=f"{_PLAIN_FTP}.")
    allow_missing_close_notify: StrictBool | None = Field(None, description=_MISSING_CLOSE_NOTIFY)
    tls_resumption: TlsResumption | None = Field(None, description=_TLS_RESUMPTION)
    active: StrictBool | None = Field(None, description="Whether it may sign in at all.")
    sources: Sources | None = Field(None, description=LIMIT)
    contact: Annotated[str | None, Field(max_length=60, pattern=NO_NUL)] = Field(
        None, description="The user whose program it is; an empty text for none."
    )
