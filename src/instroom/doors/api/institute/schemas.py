"""Schemas of the institute and of a customer's contact."""

from typing import Annotated

from pydantic import Field

from instroom.doors.api.schemas import NO_NUL, ChangesDocument, Document
from instroom.flow.operations.institute_settings import MOST_OF_NAME, MOST_OF_PHONE, MOST_OF_WEBSITE
from instroom.flow.people.own_account import MOST_OF_NAME as MOST_OF_PERSON

_Phone = Annotated[str, Field(max_length=MOST_OF_PHONE, pattern=NO_NUL)]
_Email = Annotated[str, Field(max_length=254, pattern=NO_NUL)]


class Institute(Document):
    """The institute whose site it is: the document of `instroom institute show --format json`. Blank: not filled in."""

    name: str
    phone: str = Field(description="Of its help desk.")
    email: str = Field(description="Of its help desk: replies to mails go there.")
    website: str
    has_logo: bool


class InstituteChanges(ChangesDocument):
    """What changes of the institute. All else keeps its value; an empty text takes a value away."""

    name: Annotated[str, Field(max_length=MOST_OF_NAME, pattern=NO_NUL)] | None = Field(None)
    phone: _Phone | None = Field(None, description="Of its help desk.")
    email: _Email | None = Field(None, description="Of its help desk: replies to mails go there.")
    website: Annotated[str, Field(max_length=MOST_OF_WEBSITE, pattern=NO_NUL)] | None = Field(
        None, description="`https://www.voorbeeld.example`"
    )


class Contact(Document):
    """Whom the people of a customer ask for help. What is blank is that of the institute."""

    name: str
    phone: str
    email: str


class ContactChanges(ChangesDocument):
    """What changes of a contact. All else keeps its value; an empty text takes a value away."""

    name: Annotated[str, Field(max_length=MOST_OF_PERSON, pattern=NO_NUL)] | None = Field(None)
    phone: _Phone | None = Field(None)
    email: _Email | None = Field(None, description="Replies to mails to this customer go there.")
