"""What becomes of a corrected file, and the state of a time that waits for one."""

from django.db import migrations, models

from instroom.store.states import ConnectionState


class Migration(migrations.Migration):
    dependencies = [("store", "0018_same_is_normal")]

    operations = [
        migrations.AddField("connection", "on_correction", models.CharField(default="take", max_length=4)),
        migrations.AlterField(
            "connectionrun", "state", models.CharField(default=ConnectionState.WAITING, max_length=20)
        ),
    ]
