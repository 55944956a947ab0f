"""Values of findings and plans and the texts of mails are encrypted (product.md G3): also those stored before."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import django.db.models.deletion
from django.db import connection, migrations, models

from instroom.core.keys import Key, key
from instroom.store import data_keys
from instroom.store.models.sealed_fields import SealedJSONField, SealedTextField

_AT_ONCE: Final = 2000
_SEALED: Final = {
    "subject": SealedTextField,
    "text": SealedTextField,
    "html": SealedTextField,
    "facts": SealedJSONField,
}


def _batches(rows: Any) -> Iterator[list[Any]]:
    following = rows.iterator(_AT_ONCE)
    while batch := list(islice(following, _AT_ONCE)):
        yield batch


def _seal_plans(apps: Any, _: Any) -> None:
    changes = apps.get_model("store", "StoredChange").objects
    for plan in apps.get_model("store", "Plan").objects.select_related("environment").iterator():
        customer = plan.environment.customer_id
        plan.basis = data_keys.seal(customer, bytes(plan.basis))
        plan.save(update_fields=["basis"])
        for batch in _batches(changes.filter(plan=plan).order_by("pk")):
            _seal_changes(customer, plan.pk.bytes, batch)


def _seal_changes(customer: Any, about: bytes, batch: list[Any]) -> None:
    from instroom.store.sql import person_keys  # noqa: PLC0415 - it imports the models of today

    persons: dict[Any, Key] = {
        one.pk: key(one.extern_source, one.extern_id) for one in batch if one.kind == "person"
    }
    ciphers, own = person_keys.ciphers(customer, list(persons.values())), data_keys.current(customer)
    rows: list[tuple[bytes, str | None, str]] = []
    for one in batch:
        before, after = (json.dumps(values, ensure_ascii=False) for values in (one.before, one.after))
        text = f"{before}\n{after}\n{one.extern_id}".encode()
        if one.pk in persons:
            key_id, cipher = ciphers[persons[one.pk]]
            rows.append((data_keys.encrypt(cipher, text, about), key_id, one.pk.hex))
        else:
            rows.append((own.seal(text, about), None, one.pk.hex))
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE store_change SET sealed = %s, person_key_id = %s WHERE id = %s", rows)


def _seal_findings(apps: Any, _: Any) -> None:
    chunks = apps.get_model("store", "FindingChunk").objects.select_related("delivery")
    for batch in _batches(chunks.order_by("pk")):
        for one in batch:
            one.content = data_keys.seal(one.delivery.customer_id, bytes(one.content))
            one.save(update_fields=["content"])


def _seal_mails(apps: Any, _: Any) -> None:
    for batch in _batches(apps.get_model("store", "Mail").objects.order_by("pk")):
        for one in batch:
            for name in _SEALED:
                setattr(one, name, getattr(one, f"plain_{name}"))
            one.save(update_fields=list(_SEALED))


class Migration(migrations.Migration):
    dependencies = [("store", "0046_sign_in_providers")]

    operations = [
        migrations.AddField("StoredChange", "sealed", models.BinaryField(default=b""), preserve_default=False),
        migrations.AddField(
            "StoredChange",
            "person_key",
            models.ForeignKey(
                "store.personkey", null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+",
                db_constraint=False, db_index=False,
            ),
        ),
        migrations.RunPython(_seal_plans, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField("StoredChange", "before"),
        migrations.RemoveField("StoredChange", "after"),
        migrations.RemoveField("StoredChange", "extern_id"),
        migrations.RunPython(_seal_findings, migrations.RunPython.noop, elidable=True),
        *(migrations.RenameField("Mail", name, f"plain_{name}") for name in _SEALED),
        *(
            migrations.AddField("Mail", name, field(default=b"", null=name == "facts"), preserve_default=False)
            for name, field in _SEALED.items()
        ),
        migrations.RunPython(_seal_mails, migrations.RunPython.noop, elidable=True),
        *(migrations.RemoveField("Mail", f"plain_{name}") for name in _SEALED),
    ]  # fmt: skip
