"""Keys as they are compared now: without what cannot be seen, and with one plain space (docs/adr, decision 29).

A key that would then be that of another dossier stays as it is, and its dossier is named in the log: which of the two
is meant is for a person to say.
"""

import logging
from collections import Counter
from collections.abc import Iterator

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper

from instroom.core.keys import key

_log = logging.getLogger(__name__)
_AT_ONCE = 2000


def clean_keys(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for table in ("store_company", "store_person"):
        with editor.connection.cursor() as cursor:
            _clean_keys_of(cursor, table)


def _clean_keys_of(cursor: CursorWrapper, table: str) -> None:
    old = dict(_unclean(cursor, table))
    claims = Counter(old.values())
    left = []
    for dossier, target in old.items():
        where = "environment_id = %s AND extern_source = %s AND extern_id_key = %s"
        cursor.execute(f"SELECT 1 FROM {table} WHERE {where}", target)  # noqa: S608
        if claims[target] > 1 or cursor.fetchone():
            left.append(str(dossier))
            continue
        cursor.execute(
            f"UPDATE {table} SET extern_source = %s, extern_id_key = %s WHERE id = %s",  # noqa: S608
            (*target[1:], dossier),
        )
    if old:
        _log.warning("%s: %d keys cleaned, %d left", table, len(old) - len(left), len(left))
    for dossier in left:
        _log.warning("%s: the key of %s looks like that of another dossier", table, dossier)


def _unclean(cursor: CursorWrapper, table: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """The dossiers whose key is another now, with the environment and the new key. The database leaves out all keys of
    plain characters, so that a million of them take a second."""
    size = "length(CAST({0} AS BLOB))" if cursor.db.vendor == "sqlite" else "octet_length({0})"
    odd = [
        condition.format(column)
        for column in ("extern_source", "extern_id_key")
        for condition in (f"{size} <> length({{0}})", "{0} LIKE '%%  %%'")
    ]
    cursor.execute(
        f"SELECT id, environment_id, extern_source, extern_id_key FROM {table} WHERE {' OR '.join(odd)}",  # noqa: S608
        [],
    )
    while rows := cursor.fetchmany(_AT_ONCE):
        for dossier, environment, source, extern_id in rows:
            new = key(source, extern_id)
            if new != (source, extern_id):
                yield dossier, (environment, *new)


class Migration(migrations.Migration):
    dependencies = [("store", "0013_live_changed")]

    operations = [migrations.RunPython(clean_keys, migrations.RunPython.noop)]
