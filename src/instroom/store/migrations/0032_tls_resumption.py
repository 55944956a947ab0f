"""Whether the data connections of an account of the file server resume their TLS session is learned from its program."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0031_sessions")]

    operations = [
        migrations.AddField("fileaccount", "tls_resumption", models.CharField(default="learned", max_length=8)),
        migrations.AddField("fileaccount", "tls_resumed", models.PositiveIntegerField(default=0)),
        migrations.AddField("fileaccount", "tls_not_resumed", models.PositiveIntegerField(default=0)),
        migrations.AddField("fileaccount", "tls_resumed_in_row", models.PositiveIntegerField(default=0)),
        migrations.AddField("fileaccount", "tls_resumed_depth", models.PositiveIntegerField(default=0)),
    ]
