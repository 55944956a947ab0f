"""Whether the same file as last time is normal for a connection."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0017_closing_days")]

    operations = [
        migrations.AddField("connection", "same_is_normal", models.BooleanField(default=False)),
    ]
