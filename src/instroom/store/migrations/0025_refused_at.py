"""When the mail server refused the address of a mail for good."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0024_failed_attempts")]

    operations = [
        migrations.AddField("mail", "refused_at", models.DateTimeField(null=True)),
        migrations.AddIndex("mail", models.Index(fields=["to"], name="mail_address")),
    ]
