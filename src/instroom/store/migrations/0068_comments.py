"""Questions and remarks about deliveries."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import instroom.store.ids
import instroom.store.models.sealed_fields


class Migration(migrations.Migration):
    dependencies = [("store", "0067_plan_by_field")]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=instroom.store.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", instroom.store.models.sealed_fields.SealedTextField()),
                ("row", models.IntegerField(null=True)),
                ("asks", models.BooleanField()),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="store.delivery",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["delivery", "id"], name="comment_order")]},
        ),
    ]
