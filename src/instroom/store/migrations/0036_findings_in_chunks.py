"""Findings are kept in chunks with an index. Those that there are keep their form until they are next looked at, or the
daily cleaning comes by: only then does it take work by delivery."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def move(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO store_keptfindings (delivery_id, "index", "rows", packed)'
            " SELECT id, %s, %s, findings FROM store_delivery WHERE length(findings) > 0",
            [b"", b""],
        )


class Migration(migrations.Migration):
    dependencies = [("store", "0035_sensitive")]

    operations = [
        migrations.CreateModel(
            name="FindingChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("content", models.BinaryField()),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="store.delivery",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("delivery", "number"), name="finding_chunk")],
            },
        ),
        migrations.CreateModel(
            name="KeptFindings",
            fields=[
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="store.delivery",
                    ),
                ),
                ("index", models.BinaryField(default=b"")),
                ("rows", models.BinaryField(default=b"")),
                ("fates", models.JSONField(null=True)),
                ("packed", models.BinaryField(null=True)),
            ],
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.RemoveField(model_name="delivery", name="findings"),
    ]
