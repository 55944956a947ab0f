"""Reports and refreshes of training that never end are given up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0040_delivery_file")]

    operations = [
        migrations.AddField("askedreport", "given_up_at", models.DateTimeField(null=True)),
        migrations.AddField("environment", "refresh_attempts", models.IntegerField(default=0)),
    ]
