"""The e-mail address that a user has asked for, until a link that is mailed to it is followed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0037_quota")]

    operations = [migrations.AddField("user", "new_email", models.EmailField(blank=True, default="", max_length=254))]
