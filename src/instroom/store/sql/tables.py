"""The dossier tables as the set-based SQL sees them: names and order of columns, from the fields and nothing else."""

from typing import Final, NamedTuple

from instroom.core.fields import FIELDS, Kind
from instroom.store.models import column_name


class DossierTable(NamedTuple):
    """One dossier table."""

    kind: Kind
    name: str
    fields: tuple[str, ...]  # column names, in the order of core.fields
    columns: tuple[str, ...]  # all columns, in the order of an insert

    def column(self, field: str) -> str:
        """The column of a field name as a plan writes it."""
        return "company_id" if field == "company" else column_name(field)


def _table(kind: Kind) -> DossierTable:
    fields = tuple(column_name(field) for field in FIELDS[kind])
    columns = ("id", "environment_id", "version", "extern_source", "extern_id", "extern_id_key", *fields)
    link = ("company_id",) if kind == "person" else ()
    return DossierTable(kind, f"store_{kind}", fields, (*columns, "categories", "free_fields", *link))


TABLES: Final[dict[Kind, DossierTable]] = {"company": _table("company"), "person": _table("person")}
