"""The reason `moved` is `live-changed`, and what the audit log says of it `differences`."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def rename_values(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    came_back = apps.get_model("store", "Delivery").objects.filter(reason="moved")
    came_back.exclude(state="refused").update(reason="live-changed")  # of a refusal it is what a person wrote
    apps.get_model("store", "Mail").objects.filter(kind="moved").update(kind="live-changed")
    audit = apps.get_model("store", "AuditEntry").objects
    audit.filter(action="moved").update(action="live-changed")
    for entry in audit.filter(action__in=("live-changed", "plan-seen"), facts__has_key="moved").iterator():
        entry.facts["differences"] = entry.facts.pop("moved")
        entry.save(update_fields=["facts"])


class Migration(migrations.Migration):
    dependencies = [("store", "0012_plan_differences")]

    operations = [migrations.RunPython(rename_values, migrations.RunPython.noop)]
