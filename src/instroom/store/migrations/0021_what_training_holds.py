"""What training holds since it was refreshed: what was in live at that moment, and not what came there later."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def find_copies(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    plans, audit = (apps.get_model("store", name).objects for name in ("Plan", "AuditEntry"))
    refreshed = dict(audit.filter(action="training-refreshed").order_by("at").values_list("customer", "at"))
    for customer, at in refreshed.items():
        in_live = plans.filter(
            environment__name="live", environment__customer=customer, state="imported", executed_at__lte=at
        )
        gone = plans.filter(environment__name="training", environment__customer=customer, state="refreshed")
        gone.filter(delivery__in=in_live.values("delivery")).update(state="copied")


class Migration(migrations.Migration):
    dependencies = [("store", "0020_taken_at")]

    operations = [migrations.RunPython(find_copies, migrations.RunPython.noop)]
