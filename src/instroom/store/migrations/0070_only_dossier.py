"""An undo that restores one dossier alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0069_audit_dossier")]

    operations = [migrations.AddField("delivery", "only_dossier", models.UUIDField(null=True))]
