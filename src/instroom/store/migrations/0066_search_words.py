"""The index of the words by which dossiers are found (ADR 0049)."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from instroom.store import search_index


def install(_: Any, editor: BaseDatabaseSchemaEditor) -> None:
    search_index.install(editor)


def remove(_: Any, editor: BaseDatabaseSchemaEditor) -> None:
    search_index.remove(editor)


class Migration(migrations.Migration):
    atomic = False  # an index that is made beside others' work
    dependencies = [("store", "0065_webhook_call_given_up")]
    beside_the_old_version = {
        "RunPython": "PostgreSQL makes the index beside others' work, and the database itself keeps it whoever writes"
    }

    operations = [migrations.RunPython(install, remove)]
