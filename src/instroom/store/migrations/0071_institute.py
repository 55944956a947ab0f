"""The institute that runs the site, as people read it, and whom a customer asks for help."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0070_only_dossier")]

    operations = [
        migrations.CreateModel(
            name="Institute",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, max_length=100)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("website", models.CharField(blank=True, max_length=200)),
                ("logo", models.BinaryField(null=True)),
                ("logo_digest", models.CharField(blank=True, max_length=16)),
            ],
        ),
        migrations.AddField("customer", "contact_name", models.CharField(db_default="", default="", max_length=60)),
        migrations.AddField("customer", "contact_phone", models.CharField(db_default="", default="", max_length=40)),
        migrations.AddField("customer", "contact_email", models.EmailField(db_default="", default="", max_length=254)),
    ]
