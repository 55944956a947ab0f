"""Whether a change gives a dossier another value of what others act on, for the guard of that name.

In what is there already it is told by the names of the fields in the JSON: as text on SQLite, and as PostgreSQL writes it.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(_: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    after = "after" if schema_editor.connection.vendor == "sqlite" else "after::text"
    names = ("debtor_number", "email", "work_email", "home_email")
    patterns = [*(f'%"{name}":%' for name in names), '%"invoice.%']
    found = " OR ".join([f"{after} LIKE %s"] * len(patterns))
    schema_editor.execute(
        f"UPDATE store_change SET sensitive = %s WHERE action = 'changed' AND ({found})",  # noqa: S608 - no value is in it
        [True, *patterns],
    )


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0034_account_managers"),
    ]

    operations = [
        migrations.AddField(
            model_name="storedchange",
            name="sensitive",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
