"""What an undo keeps is named by ExternIds: it is encrypted (product.md G3)."""

from typing import Any

from django.db import migrations

from instroom.store.models.sealed_fields import SealedJSONField


def _seal(apps: Any, _: Any) -> None:
    plans = apps.get_model("store", "Plan").objects.filter(delivery__kind="undo").select_related("environment")
    for plan in plans.iterator():
        kept = plan.totals.get("kept")
        if isinstance(kept, list):
            plan.customer_id = plan.environment.customer_id
            plan.kept, plan.totals["kept"] = kept, len(kept)
            plan.save(update_fields=["kept", "totals"])


class Migration(migrations.Migration):
    dependencies = [("store", "0047_sealed_values")]

    operations = [
        migrations.AddField("Plan", "kept", SealedJSONField(null=True)),
        migrations.RunPython(_seal, migrations.RunPython.noop, elidable=True),
    ]
