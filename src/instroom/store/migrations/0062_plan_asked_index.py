"""The worker finds at once for which deliveries somebody waits for a new plan."""

from django.db import migrations, models

from instroom.store.index_operation import AddIndexBesideWork


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("store", "0061_plan_asked")]

    operations = [
        AddIndexBesideWork(
            "delivery",
            models.Index(
                fields=["customer"], name="delivery_plan_asked", condition=models.Q(plan_asked_at__isnull=False)
            ),
        )
    ]
