from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0055_what_is_due")]

    operations = [
        migrations.AddField(
            model_name="audithead", name="closed", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddField(
            model_name="customer", name="arrived", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddField(model_name="customer", name="move", field=models.UUIDField(null=True)),
    ]
