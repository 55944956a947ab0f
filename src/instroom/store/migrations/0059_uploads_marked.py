"""The folder of the file server will carry the site's id."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0058_failing_since")]

    operations = [migrations.AddField(model_name="site", name="uploads_marked", field=models.BooleanField(default=False))]
