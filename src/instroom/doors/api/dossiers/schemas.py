"""Schemas of dossiers."""

from datetime import datetime
from uuid import UUID

from ninja import P, QueryEx
from pydantic import Field, RootModel

from instroom.core.fields import Kind
from instroom.doors.api.schemas import NO_NUL, Change, Document


class Found(Document):
    """A dossier in the results of a search."""

    kind: Kind
    source: str
    extern_id: str
    name: str
    company: str = Field(description="The name of the person's company; empty for a private person.")


class FoundDossiers(Document):
    """Companies first; at most fifty of each kind."""

    dossiers: list[Found]


class FieldValues(RootModel[dict[str, str]]):
    """Fields of a dossier, each with its value."""


class PastChange(Change):
    """What one import did to a dossier."""

    delivery: UUID
    at: datetime


class Dossier(Document):
    """A company or a person, with what each import did to it: the document of `instroom dossier --format json`."""

    kind: Kind
    source: str
    extern_id: str
    fields: FieldValues
    categories: list[tuple[str, str]]
    free_fields: FieldValues
    company: str | None = Field(description="The ExternId of a person's company.")
    persons: int = Field(description="How many persons a company has.")
    history: list[PastChange]


Source = QueryEx[str, P(max_length=200, pattern=NO_NUL, description="The ExternSource.")]
ExternId = QueryEx[
    str, P(alias="id", max_length=200, pattern=NO_NUL, description="The ExternId; letter case does not matter.")
]
SearchText = QueryEx[
    str, P(max_length=200, pattern=NO_NUL, description="A name, a key, a postal code or an e-mail address.")
]
