"""The changes of a plan by field, and the values that many dossiers get."""

from django.db import migrations, models

import instroom.store.models.sealed_fields


class Migration(migrations.Migration):
    dependencies = [("store", "0066_search_words")]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="frequent",
            field=instroom.store.models.sealed_fields.SealedJSONField(null=True),
        ),
        migrations.AddField(
            model_name="storedchange",
            name="changed_fields",
            field=models.TextField(null=True),
        ),
    ]
