"""When a person let a file that waited go on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0019_on_correction")]

    operations = [migrations.AddField("delivery", "taken_at", models.DateTimeField(null=True))]
