"""Deliveries are found by their file, to tell files of no delivery."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0039_asked_reports")]

    operations = [migrations.AddIndex("delivery", models.Index(fields=["file_key"], name="delivery_file"))]
