"""What a customer may take on disk, and what each delivery takes."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """No delivered file was ever deleted."""
    apps.get_model("store", "Delivery").objects.exclude(file_key="").update(kept_bytes=models.F("bytes"))


class Migration(migrations.Migration):
    dependencies = [("store", "0036_findings_in_chunks")]

    operations = [
        migrations.AddField("customer", "quota", models.BigIntegerField(null=True)),
        migrations.AddField("delivery", "kept_bytes", models.BigIntegerField(default=0)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["customer", "kept_bytes"],
                name="delivery_kept",
                condition=models.Q(kept_bytes__gt=0),
            ),
        ),
    ]
