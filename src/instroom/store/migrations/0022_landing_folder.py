"""The folder of the file server in which a connection's files land."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0021_what_training_holds")]

    operations = [
        migrations.AddField("connection", "folder", models.CharField(blank=True, default="", max_length=200), preserve_default=False),
        migrations.AddField("connection", "folder_key", models.CharField(blank=True, default="", editable=False, max_length=650), preserve_default=False),
        migrations.RemoveConstraint("connection", "connection_file_once"),
        migrations.AddConstraint("connection", models.UniqueConstraint(fields=("account", "folder_key", "file_name_key"), name="connection_file_once")),
    ]
