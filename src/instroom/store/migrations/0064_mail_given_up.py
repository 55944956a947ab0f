"""What was given up, among all that was sent: an operator is told of it at each look."""

from django.db import migrations, models

from instroom.store.index_operation import AddIndexBesideWork


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("store", "0063_parts")]

    operations = [
        AddIndexBesideWork(
            model_name="mail",
            index=models.Index(condition=models.Q(given_up_at__isnull=False), fields=["customer"], name="mail_given_up"),
        )
    ]
