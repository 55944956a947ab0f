"""What sets an approved plan apart from the next one gets a column of its own, and `dropped` becomes two states."""

import zlib

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def split_dropped(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    plans = apps.get_model("store", "Plan").objects.filter(state="dropped")
    plans.filter(environment__name="training").update(state="refreshed")
    plans.update(state="outdated", differences=F("outcomes"), outcomes=zlib.compress(b"[]"))


def join_dropped(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    plans = apps.get_model("store", "Plan").objects
    plans.filter(state="outdated").update(state="dropped", outcomes=F("differences"))
    plans.filter(state="refreshed").update(state="dropped")


class Migration(migrations.Migration):
    dependencies = [("store", "0011_throttle")]

    operations = [
        migrations.AddField(model_name="plan", name="differences", field=models.BinaryField(default=b"")),
        migrations.RunPython(split_dropped, join_dropped),
    ]
