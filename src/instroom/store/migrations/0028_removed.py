"""Connections and accounts of the file server can be removed, which frees their name; accounts can be renamed."""

from django.db import migrations, models

_THERE = models.Q(removed_at=None)
_FILE = ("account", "folder_key", "file_name_key")


class Migration(migrations.Migration):
    dependencies = [("store", "0027_delivered_file_name_keys")]

    operations = [
        migrations.RemoveConstraint("connection", "connection_once"),
        migrations.RemoveConstraint("connection", "connection_file_once"),
        migrations.AddField("connection", "removed_at", models.DateTimeField(null=True)),
        migrations.AddField("fileaccount", "former_name", models.CharField(blank=True, default="", max_length=60), preserve_default=False),
        migrations.AddField("fileaccount", "removed_at", models.DateTimeField(null=True)),
        migrations.AlterField("fileaccount", "name", models.CharField(max_length=60)),
        migrations.AddConstraint("connection", models.UniqueConstraint(fields=("customer", "name"), name="connection_once", condition=_THERE)),
        migrations.AddConstraint("connection", models.UniqueConstraint(fields=_FILE, name="connection_file_once", condition=_THERE)),
        migrations.AddConstraint("fileaccount", models.UniqueConstraint(fields=("name",), name="file_account_once", condition=_THERE)),
    ]
