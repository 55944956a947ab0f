"""What is kept of deliveries goes after a time, which is counted from their end."""

from typing import Any, Final

from django.db import migrations, models
from django.db.models import F

_ENDED: Final = ("imported", "undone", "rejected", "refused", "withdrawn", "superseded", "failed")


def _end(apps: Any, _: Any) -> None:
    """Older versions did not note the end of each."""
    deliveries = apps.get_model("store", "Delivery").objects
    deliveries.filter(state__in=_ENDED, finished_at=None).update(finished_at=F("changed_at"))


class Migration(migrations.Migration):
    dependencies = [("store", "0042_data_keys")]

    operations = [
        migrations.AddField("delivery", "file_removed_at", models.DateTimeField(null=True)),
        migrations.AddField("delivery", "values_removed_at", models.DateTimeField(null=True)),
        migrations.AddField("plan", "values_removed_at", models.DateTimeField(null=True)),
        migrations.RunPython(_end, migrations.RunPython.noop),
        migrations.AddIndex("delivery", models.Index(fields=["customer", "finished_at"], name="delivery_age")),
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["id"],
                name="delivery_to_delete",
                condition=models.Q(file_removed_at__isnull=False, kept_bytes__gt=0),
            ),
        ),
    ]
