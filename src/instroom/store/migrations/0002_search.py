"""Indexes for looking dossiers up: by postal code, and in PostgreSQL by the beginning of a name.

The name indexes that SQLite needs are there already and sort by code point; PostgreSQL's follow the language of the
database, in which a beginning is no range, hence COLLATE "C". Raw SQL, since Django has no one form for both.
"""

from typing import Any

from django.db import migrations

POSTAL = (
    ("person_home_postal", "store_person", "home_address_postal_code"),
    ("company_postal", "store_company", "postal_address_postal_code"),
    ("company_visiting_postal", "store_company", "visiting_address_postal_code"),
)
NAMES = (("person_surname_c", "store_person", "surname"), ("company_name_c", "store_company", "name"))


def make(_: Any, schema_editor: Any) -> None:
    for index, table, column in POSTAL:
        schema_editor.execute(
            f"CREATE INDEX {index} ON {table} (environment_id, {column}) WHERE NOT {column} = ''"
        )
    if schema_editor.connection.vendor == "postgresql":
        for index, table, column in NAMES:
            schema_editor.execute(f'CREATE INDEX {index} ON {table} (environment_id, (lower({column}) COLLATE "C"))')


def remove(_: Any, schema_editor: Any) -> None:
    for index, _, _ in (*POSTAL, *NAMES):
        schema_editor.execute(f"DROP INDEX IF EXISTS {index}")


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [migrations.RunPython(make, remove)]
