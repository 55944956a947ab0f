"""The reports that wait to be made by the worker."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0038_new_email")]

    operations = [
        migrations.CreateModel(
            "AskedReport",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("suffix", models.CharField(max_length=5)),
                ("language", models.CharField(max_length=2, blank=True)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("attempts", models.IntegerField(default=0)),
                (
                    "delivery",
                    models.ForeignKey(
                        "store.delivery",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        db_index=False,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "askedreport",
            models.UniqueConstraint(fields=["delivery", "kind", "suffix", "language"], name="asked_report"),
        ),
    ]
