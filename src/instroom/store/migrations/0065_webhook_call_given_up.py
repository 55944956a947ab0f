"""What was given up, among all that was sent: an operator is told of it at each look."""

from django.db import migrations, models

from instroom.store.index_operation import AddIndexBesideWork


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("store", "0064_mail_given_up")]

    operations = [
        AddIndexBesideWork(
            model_name="webhookcall",
            index=models.Index(condition=models.Q(given_up_at__isnull=False), fields=["webhook"], name="webhook_call_given_up"),
        )
    ]
