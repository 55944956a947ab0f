"""The audit log becomes a chain: the entries that there are get their numbers and hashes in order of time, and from then
on the database refuses to change them."""

from uuid import UUID

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from instroom.store import audit_chain, audit_triggers

_AT_ONCE = 2000


def chain(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    entries = apps.get_model("store", "AuditEntry").objects
    for customer in entries.order_by("customer").values_list("customer", flat=True).distinct():
        number, last = 0, ""
        rows: list[tuple[int, str, UUID | str]] = []
        for entry in entries.filter(customer=customer).order_by("at", "pk").iterator(_AT_ONCE):
            number += 1
            last = audit_chain.hash_of(audit_chain.content_of(entry, number, last))
            rows.append((number, last, entry.pk.hex if editor.connection.vendor == "sqlite" else entry.pk))
            if len(rows) == _AT_ONCE:
                number_entries(editor, rows)
                rows = []
        number_entries(editor, rows)
        place = customer or audit_chain.SITE
        apps.get_model("store", "AuditHead").objects.create(chain=place, number=0, hash="", seal="")
        audit_chain.set_head(place, number, last)


def number_entries(editor: BaseDatabaseSchemaEditor, rows: list[tuple[int, str, UUID | str]]) -> None:
    with editor.connection.cursor() as cursor:
        cursor.executemany("UPDATE store_auditentry SET number = %s, hash = %s WHERE id = %s", rows)


def install(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    audit_triggers.install(editor)


def remove(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    audit_triggers.remove(editor)


class Migration(migrations.Migration):
    dependencies = [("store", "0048_kept_by_an_undo")]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("chain", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("seal", models.TextField()),
            ],
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="store.customer",
            ),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="delivery",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="audit",
                to="store.delivery",
            ),
        ),
        migrations.AddField("auditentry", "number", models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddField("auditentry", "hash", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.RunPython(chain, migrations.RunPython.noop),
        migrations.AddConstraint(
            "auditentry", models.UniqueConstraint(fields=("customer", "number"), name="audit_number")
        ),
        migrations.AddConstraint(
            "auditentry",
            models.UniqueConstraint(
                condition=models.Q(("customer__isnull", True)), fields=("number",), name="audit_site_number"
            ),
        ),
        migrations.RunPython(install, remove),
    ]
