"""Schemas of dossiers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import P, QueryEx
from pydantic import Field, RootModel

from instroom.core.fields import Kind
from instroom.doors.api.deliveries.schemas import Finding
from instroom.doors.api.schemas import NO_NUL, Change, Document, EnvironmentName, RequestDocument


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
    values_removed_at: datetime | None = Field(description="Since when its values are kept no longer, if they are not.")


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


class PersonKey(RequestDocument):
    """Which person: in the content of the request, so that no address or log has it."""

    source: Annotated[str, Field(max_length=200, pattern=NO_NUL, description="The ExternSource.")]
    extern_id: Annotated[str, Field(max_length=200, pattern=NO_NUL, description="The ExternId; case does not matter.")]


class PersonToErase(PersonKey):
    """Which person is to go, and why."""

    reason: Annotated[str, Field(min_length=1, max_length=2000, pattern=NO_NUL, description="Kept in the register.")]


class ErasedPerson(Document):
    """What went with the person."""

    deliveries: list[UUID] = Field(description="Those whose file and findings went too, since they named the person.")


class CompanyKey(Document):
    """The company of a person."""

    source: str
    extern_id: str


class KnownDossier(Document):
    """A person's dossier: its filled fields."""

    extern_id: str
    fields: FieldValues
    categories: list[tuple[str, str]]
    free_fields: FieldValues
    company: CompanyKey | None


class KnownDossiers(Document):
    """By environment; null where it has none."""

    training: KnownDossier | None
    live: KnownDossier | None


class KnownChange(PastChange):
    """What a plan did to a dossier of the person, or would do."""

    environment: EnvironmentName
    state: Literal["planned", "imported", "undone", "refreshed", "copied", "outdated"] = Field(
        description="Of the plan: it was executed in `imported`, `undone` and, in training, `refreshed` and `copied`."
    )


class NamingRow(Document):
    """A row of a file that names the person: its filled cells, each behind its header."""

    row: int
    cells: list[tuple[str, str]]


class NamingComment(Document):
    """What somebody wrote about a row of the person."""

    at: datetime
    by: str
    row: int
    text: str


class NamingDelivery(Document):
    """A delivery that names the person, with what was found in their rows."""

    delivery: UUID
    file: str
    state: str
    received_at: datetime
    delivered_by: str | None
    decided_by: str | None
    file_kept: bool = Field(description="False: the file is kept no longer, so its rows are not known.")
    rows: list[NamingRow]
    findings: list[Finding]
    comments: list[NamingComment] = Field(description="What people wrote about these rows.")


class Sight(Document):
    """Who looked at data of the person; `by` is null for who runs the site."""

    at: datetime
    by: str | None
    action: str
    environment: EnvironmentName | None
    delivery: UUID | None


class PersonExport(Document):
    """All that is known of a person: the document of `instroom person export`."""

    customer: str
    source: str
    extern_id: str
    made_at: datetime
    dossiers: KnownDossiers
    history: list[KnownChange]
    deliveries: list[NamingDelivery]
    seen: list[Sight]


Source = QueryEx[str, P(max_length=200, pattern=NO_NUL, description="The ExternSource.")]
ExternId = QueryEx[
    str, P(alias="id", max_length=200, pattern=NO_NUL, description="The ExternId; letter case does not matter.")
]
SearchCompany = QueryEx[
    str,
    P(max_length=200, pattern=NO_NUL, description="Of persons: words of the name, or number, of their company."),
]
SearchDepartment = QueryEx[
    str, P(max_length=200, pattern=NO_NUL, description="Of persons: the beginning of their department.")
]
SearchActive = QueryEx[Literal["yes", "no"], P(description="Those that are active, or those that are not.")]
SearchText = QueryEx[
    str, P(max_length=200, pattern=NO_NUL, description="A name, number, date of birth or e-mail address.")
]
