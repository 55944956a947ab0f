"""The site gets an id, which its file store will carry too."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import instroom.store.ids


def add_site(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("store", "Site").objects.create()


class Migration(migrations.Migration):
    dependencies = [("store", "0050_leases")]

    operations = [
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=instroom.store.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("files_marked", models.BooleanField(default=False)),
            ],
        ),
        migrations.RunPython(add_site, migrations.RunPython.noop),
    ]
