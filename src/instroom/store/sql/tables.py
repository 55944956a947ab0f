"""The dossier tables for set-based SQL: names and order of their columns, derived from the fields."""

from typing import Final, NamedTuple

from instroom.core.fields import FIELDS, Kind
from instroom.store.models import column_name


class DossierTable(NamedTuple):
    """The table of one kind of dossier, with its columns."""

    kind: Kind
    name: str
    fields: tuple[str, ...]  # column names, in the order of core.fields
    columns: tuple[str, ...]  # all columns, in the order of an insert

    def column(self, field: str) -> str:
        """The column of a field as a plan names it; `company` is `company_id`."""
        return "company_id" if field == "company" else column_name(field)


def _table(kind: Kind) -> DossierTable:
    fields = tuple(column_name(field) for field in FIELDS[kind])
    columns = ("id", "environment_id", "version", "extern_source", "extern_id", "extern_id_key", *fields)
    link = ("company_id",) if kind == "person" else ()
    return DossierTable(kind, f"store_{kind}", fields, (*columns, "categories", "free_fields", *link))


TABLES: Final[dict[Kind, DossierTable]] = {"company": _table("company"), "person": _table("person")}
