"""Names of files are compared by their key (`core.keys.file_key`), which stands beside the name.

Where two connections of an account would have one key, the older one keeps it. The other gets a key that no file has,
and stands in the log: a person says which of the two names is meant.
"""

import logging

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from instroom.core.keys import file_key

_log = logging.getLogger(__name__)


def give_keys(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    connections = apps.get_model("store", "Connection").objects
    taken = set()
    for one in connections.order_by("made_at", "pk"):
        key = file_key(one.file_name)
        if one.account_id and (one.account_id, key) in taken:
            _log.warning("the connection %s has the file name of another one of its account: change it", one.name)
            key = f"{one.pk}/{key}"
        taken.add((one.account_id, key))
        connections.filter(pk=one.pk).update(file_name_key=key)


class Migration(migrations.Migration):
    dependencies = [("store", "0014_clean_keys")]

    operations = [
        migrations.AddField("connection", "file_name_key", models.CharField(blank=True, editable=False, max_length=800, default=""), preserve_default=False),
        migrations.RemoveConstraint("connection", "connection_file_once"),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AddConstraint("connection", models.UniqueConstraint(fields=("account", "file_name_key"), name="connection_file_once")),
    ]
