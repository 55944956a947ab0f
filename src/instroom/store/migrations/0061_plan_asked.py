"""Somebody who looks at a plan that is out of date has it made anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0060_measured")]

    operations = [migrations.AddField("delivery", "plan_asked_at", models.DateTimeField(null=True))]
