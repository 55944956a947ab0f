"""The names of delivered files are compared by their key too (`core.keys.file_key`)."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Lower

from instroom.core.keys import file_key


def give_keys(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """In lower case, which is right for most names, and then one by one where the key is another."""
    deliveries = apps.get_model("store", "Delivery").objects
    deliveries.update(file_name_key=Lower("file_name"))
    for pk, name, key in deliveries.values_list("pk", "file_name", "file_name_key"):
        if file_key(name) != key:
            deliveries.filter(pk=pk).update(file_name_key=file_key(name))


class Migration(migrations.Migration):
    dependencies = [("store", "0026_token_made_with")]

    operations = [
        migrations.AddField("delivery", "file_name_key", models.CharField(blank=True, editable=False, max_length=800, default=""), preserve_default=False),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
    ]
