"""The model of a plan's changes has a name of its own. Its table stays as it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("store", "0029_mails_of_a_connection")]

    operations = [
        migrations.AlterModelTable("change", "store_change"),
        migrations.RenameModel("change", "StoredChange"),
    ]
