"""Limits to sources (product.md G5), of which sources each delivery has dossiers, and the right to export as one of its
own, which the tokens of operators keep."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import instroom.store.ids

_NAMES = ("operator", "supplier", "approver", "reader", "exporter")


def _keep_export(apps: Any, _: Any) -> None:
    """A program that could read could export. Of operators it still can."""
    roles = apps.get_model("store", "Role").objects.filter(name="operator")
    operators = set(roles.values_list("user_id", "customer_id"))
    for token in apps.get_model("store", "ApiToken").objects.filter(ended_at=None):
        if "read" in token.scopes and (token.user_id, token.customer_id) in operators:
            token.scopes = [*token.scopes, "export"]
            token.save(update_fields=["scopes"])


class Migration(migrations.Migration):
    dependencies = [("store", "0043_removed_values")]

    operations = [
        *(
            migrations.AddField(model, "sources", models.JSONField(default=list))
            for model in ("role", "invitation", "apitoken", "fileaccount", "connection")
        ),
        migrations.AddField("delivery", "limited_to", models.JSONField(null=True)),
        migrations.AlterField(
            "role", "name", models.CharField(choices=[(name, name) for name in _NAMES], max_length=10)
        ),
        migrations.CreateModel(
            "DeliverySource",
            [
                (
                    "id",
                    models.UUIDField(
                        default=instroom.store.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.TextField()),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="store.delivery",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["delivery", "source"], name="delivery_source_once")]
            },
        ),
        migrations.RunPython(_keep_export, migrations.RunPython.noop),
    ]
