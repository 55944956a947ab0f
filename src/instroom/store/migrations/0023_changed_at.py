"""When a delivery came to its state: lists ask for what has changed since a moment."""

import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Coalesce


def fill(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """As far as it is known of the deliveries that there are."""
    deliveries = apps.get_model("store", "Delivery").objects
    deliveries.update(changed_at=Coalesce("finished_at", "decided_at", "received_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0022_landing_folder"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="changed_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["customer", "changed_at"], name="delivery_changed"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
