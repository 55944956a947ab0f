"""Names as people say them: `corrects`, `automatic`, `allow_missing_close_notify`, the scope `configure`."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def rename_values(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    tokens = apps.get_model("store", "ApiToken")
    for token in tokens.objects.iterator():
        token.scopes = rename_scope(token.scopes)
        token.save(update_fields=["scopes"])
    audit = apps.get_model("store", "AuditEntry").objects
    audit.filter(action="approved-by-itself").update(action="auto-approved")
    for entry in audit.filter(action="token-made").iterator():
        entry.facts["scopes"] = rename_scope(entry.facts["scopes"])
        entry.save(update_fields=["facts"])
    for entry in audit.filter(action="account-changed", facts__has_key="lenient_end").iterator():
        entry.facts["allow_missing_close_notify"] = entry.facts.pop("lenient_end")
        entry.save(update_fields=["facts"])


def rename_scope(scopes: list[str]) -> list[str]:
    return ["configure" if scope == "settle" else scope for scope in scopes]


class Migration(migrations.Migration):
    dependencies = [("store", "0008_audit_log")]

    operations = [
        migrations.RenameField("delivery", "mends", "corrects"),
        migrations.AlterField(
            "delivery",
            "corrects",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="corrected_by",
                to="store.delivery",
            ),
        ),
        migrations.RenameField("delivery", "by_itself", "automatic"),
        migrations.RenameField("fileaccount", "lenient_end", "allow_missing_close_notify"),
        migrations.RunPython(rename_values, migrations.RunPython.noop),
    ]
