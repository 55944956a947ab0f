"""The columns that are sealed with data keys, to be sealed anew while others read and write them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

from instroom.store.data_keys import DataKey, unseal
from instroom.store.models import FindingChunk, PersonKey, Plan, StoredChange
from instroom.store.models.sealed_fields import SealedTextField

_AT_ONCE: Final = 500


class SealedColumn(NamedTuple):
    """A column of blobs, each behind the id of its key."""

    table: str
    column: str
    about: str = ""
    """The column with the id of what the blob is bound to."""

    def rows_under(self, key_id: int) -> Iterator[list[tuple[Any, bytes, bytes]]]:
        """(id, blob, what it is bound to) of the rows under a key, some at a time."""
        chosen = f"id, {self.column}" + (f", {self.about}" if self.about else "")
        own = " AND person_key_id IS NULL" if self.table == StoredChange._meta.db_table else ""
        last: Any = None
        while True:
            after = "" if last is None else " AND id > %s"
            query = (
                f"SELECT {chosen} FROM {self.table} WHERE substr({self.column}, 2, 8) = %s{own}{after}"  # noqa: S608 - the names are ours, values are %s
                f" ORDER BY id LIMIT {_AT_ONCE}"
            )
            with connection.cursor() as cursor:
                cursor.execute(query, [key_id.to_bytes(8), *([] if last is None else [last])])
                rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            yield [(row[0], bytes(row[1]), UUID(str(row[2])).bytes if self.about else b"") for row in rows]

    @transaction.atomic
    def replace(self, blobs: list[tuple[bytes, Any, bytes]]) -> None:
        """(new, id, old): a row that holds another blob by now stays as it is."""
        statement = f"UPDATE {self.table} SET {self.column} = %s WHERE id = %s AND {self.column} = %s"  # noqa: S608 - the names are ours, values are %s
        with connection.cursor() as cursor:
            cursor.executemany(statement, blobs)


def sealed_columns() -> list[SealedColumn]:
    fields = [
        SealedColumn(model._meta.db_table, field.attname)
        for model in apps.get_app_config("store").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedTextField)
    ]
    return [
        SealedColumn(PersonKey._meta.db_table, "wrapped"),
        SealedColumn(StoredChange._meta.db_table, "sealed", "plan_id"),
        SealedColumn(Plan._meta.db_table, "basis"),
        SealedColumn(FindingChunk._meta.db_table, "content"),
        *fields,
    ]


def reseal(present: Mapping[int, DataKey]) -> int:
    """Seal all that is under these older keys with the present one of the same customer. Gives how many values."""
    count = 0
    for column in sealed_columns():
        for old, key in present.items():
            for rows in column.rows_under(old):
                column.replace([(key.seal(unseal(blob, about), about), row, blob) for row, blob, about in rows])
                count += len(rows)
    return count


def is_used(key_id: int) -> bool:
    """Whether a value is sealed with this key."""
    return any(next(column.rows_under(key_id), []) for column in sealed_columns())
