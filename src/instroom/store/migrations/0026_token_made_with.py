"""With which token a token was made: it ends with it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0025_refused_at")]

    operations = [
        migrations.AddField(
            "apitoken",
            "made_with",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="made", to="store.apitoken"
            ),
        ),
    ]
