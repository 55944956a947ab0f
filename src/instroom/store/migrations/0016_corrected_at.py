"""When a person last undid, refused or withdrew a file of a connection: since then its standing approval stands back."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def find_corrections(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    connections, deliveries = (apps.get_model("store", name).objects for name in ("Connection", "Delivery"))
    turned_down = deliveries.filter(state__in=("refused", "withdrawn"), connection__isnull=False)
    for connection, at in turned_down.exclude(decided_at=None).values_list("connection", "decided_at"):
        _note(connections, connection, at)
    for undo in deliveries.filter(kind="undo"):
        file = undo
        while file.undoes_id:
            file = file.undoes
        for at in filter(None, (undo.received_at, undo.finished_at)):
            _note(connections, file.connection_id, at)


def _note(connections: object, connection: object, at: object) -> None:
    rows = connections.filter(pk=connection)  # type: ignore[attr-defined]
    rows.filter(models.Q(corrected_at=None) | models.Q(corrected_at__lt=at)).update(corrected_at=at)


class Migration(migrations.Migration):
    dependencies = [("store", "0015_file_name_keys")]

    operations = [
        migrations.AddField("connection", "corrected_at", models.DateTimeField(null=True)),
        migrations.RunPython(find_corrections, migrations.RunPython.noop),
    ]
