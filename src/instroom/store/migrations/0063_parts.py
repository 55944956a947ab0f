"""A version with only the records that were faulty is put in the version before it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0062_plan_asked_index")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="complete",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="delivery",
            name="merged",
            field=models.JSONField(null=True),
        ),
    ]
