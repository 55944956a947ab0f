"""Deliveries get a number in order of arrival, which was the order of their ids until now."""

import django.db.models.deletion
from django.db import migrations, models

_NUMBER_DELIVERIES = """
    UPDATE store_delivery SET number = arrived.number
    FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY id) AS number FROM store_delivery) AS arrived
    WHERE arrived.id = store_delivery.id
"""


def _unindexed(model: str) -> models.Field:  # type: ignore[type-arg]
    return models.ForeignKey(
        model, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", db_index=False
    )


class Migration(migrations.Migration):
    dependencies = [("store", "0051_site")]

    operations = [
        migrations.AddField("Delivery", "number", models.BigIntegerField(null=True)),
        migrations.RunSQL(_NUMBER_DELIVERIES, migrations.RunSQL.noop, elidable=True),
        migrations.AlterField("Delivery", "number", models.BigIntegerField()),
        migrations.AddConstraint(
            "Delivery", models.UniqueConstraint(fields=["customer", "number"], name="delivery_number")
        ),
        migrations.RenameIndex("Delivery", "delivery_time", old_name="delivery_order"),
        migrations.RemoveIndex("Delivery", "delivery_state"),
        migrations.AddIndex(
            "Delivery", models.Index(fields=["customer", "state", "number", "id"], name="delivery_state")
        ),
        migrations.RemoveIndex("Delivery", "delivery_due"),
        migrations.AddIndex(
            "Delivery",
            models.Index(
                fields=["customer", "number"],
                name="delivery_due",
                condition=models.Q(
                    state__in=["received", "checking", "training", "approved", "importing"], waits_for=""
                ),
            ),
        ),
        migrations.RemoveIndex("Delivery", "delivery_waits"),
        migrations.AddIndex(
            "Delivery",
            models.Index(
                fields=["connection", "number"],
                name="delivery_waits",
                condition=models.Q(state="received", waits_for="hour"),
            ),
        ),
        migrations.AlterField("Delivery", "connection", _unindexed("store.connection")),
        migrations.AddIndex("Delivery", models.Index(fields=["connection", "number"], name="delivery_connection")),
        migrations.AlterField("Delivery", "account", _unindexed("store.fileaccount")),
        migrations.AddIndex("Delivery", models.Index(fields=["account", "number"], name="delivery_account")),
    ]
