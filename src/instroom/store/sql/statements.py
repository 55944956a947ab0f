"""The few set-based statements, for SQLite and PostgreSQL. All run in the caller's transaction.

Why not the ORM: measured on 10,000 records, `bulk_create(update_conflicts)` takes 14 times a bare bulk insert and
`bulk_update` a hundred seconds; these take 1.0 to 1.5 times (docs/reference/performance.md).
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any, Final

import orjson
from django.db import connection

Row = tuple[Any, ...]

_BATCH: Final = 500
"""Rows passed to SQLite at once: Django's cursor keeps all its rows in memory until the statement is done."""


def fetch_by(
    table: str, columns: Sequence[str], column: str, values: Sequence[str], where: str = "", *fixed: str
) -> list[Row]:
    """The rows in which `column` (or an expression) is one of `values`, and for which `where` holds with its `fixed`
    values.

    One statement for any number of values.
    """
    if not values:
        return []
    also = f" AND {where}" if where else ""
    selected = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            query = f"SELECT {selected} FROM {table} d WHERE {column} IN (SELECT value FROM json_each(%s)){also}"  # noqa: S608 - the names are ours, values are %s
            cursor.execute(query, [orjson.dumps(list(values)).decode(), *fixed])
        else:
            # LATERAL with OFFSET 0 makes the planner use the index: right after a large import its statistics are old.
            query = (
                f"SELECT {selected} FROM unnest(%s::{_array_type(column)}) AS k(v) CROSS JOIN LATERAL "  # noqa: S608 - the names are ours, values are %s
                f"(SELECT * FROM {table} d WHERE {column} = k.v{also} OFFSET 0) d"
            )
            cursor.execute(query, [list(values), *fixed])
        return list(cursor.fetchall())


def fetch_by_pairs(
    table: str,
    columns: Sequence[str],
    by: tuple[str, str],
    pairs: Sequence[tuple[str, str]],
    where: str,
    *fixed: str,
) -> list[Row]:
    """As `fetch_by`, with pairs of values of two expressions."""
    if not pairs:
        return []
    selected, (first, second) = ", ".join(columns), by
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            query = (
                f"SELECT {selected} FROM json_each(%s) k CROSS JOIN {table} d WHERE {where}"  # noqa: S608 - the names are ours, values are %s
                f" AND {first} = k.value->>0 AND {second} = k.value->>1"
            )
            cursor.execute(query, [orjson.dumps(pairs).decode(), *fixed])
        else:
            query = (
                f"SELECT {selected} FROM unnest(%s::text[], %s::text[]) AS k(v, w) CROSS JOIN LATERAL "  # noqa: S608 - the names are ours, values are %s
                f"(SELECT * FROM {table} d WHERE {first} = k.v AND {second} = k.w AND {where} OFFSET 0) d"
            )
            cursor.execute(query, [[pair[0] for pair in pairs], [pair[1] for pair in pairs], *fixed])
        return list(cursor.fetchall())


def _array_type(column: str) -> str:
    return "uuid[]" if column in ("id", "company_id") else "text[]"


def insert(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows: executemany in SQLite, COPY in PostgreSQL. `rows` can be a generator, so that ten thousand wide rows
    are never in memory together (measured: 6 MB less); it may ask the database for nothing, which is busy with them."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608 - the names are ours, values are %s
            following = iter(rows)
            while batch := list(islice(following, _BATCH)):
                cursor.executemany(statement, batch)
        else:
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def update(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Set `columns` of rows, each given as (*values, id), and raise their version by one."""
    with connection.cursor() as cursor:
        settings = ", ".join(f'"{column}" = %s' for column in columns)
        cursor.executemany(f"UPDATE {table} SET {settings}, version = version + 1 WHERE id = %s", list(rows))  # noqa: S608 - the names are ours, values are %s


def delete(table: str, ids: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {table} WHERE id = %s", [(row_id,) for row_id in ids])  # noqa: S608 - the names are ours, values are %s


def in_environment() -> str:
    """The condition, with one value, that row `d` belongs to an environment. For look-ups by key.

    PostgreSQL gets the value by a subquery, so that it does not know it when it plans. In its statistics a small
    environment beside a large one looks empty, and then any index that begins with the environment seems as good as the
    index of the keys. Each look-up then reads the whole environment: measured beside a million persons, 10,000 keys
    took 72 s, and with the subquery 0.2 s.
    """
    return f"d.environment_id = {'%s' if connection.vendor == 'sqlite' else '(SELECT %s::uuid)'}"


def as_text(column: str) -> str:
    """An expression for a JSON column as text, as SQLite stores it already."""
    return column if connection.vendor == "sqlite" else f"{column}::text"


def as_id(column: str) -> str:
    """An expression for an id column as 32 hexadecimal digits, as SQLite stores it already."""
    return column if connection.vendor == "sqlite" else f"replace({column}::text, '-', '')"


def joined(columns: Sequence[str], separator: str) -> str:
    """An expression for text columns as one text, with a separator. One wide column is read twice as fast as forty."""
    if connection.vendor == "sqlite":
        return f"printf('{separator.join(['%%s'] * len(columns))}', {', '.join(columns)})"
    return f"concat_ws('{separator}', {', '.join(columns)})"


def within(column: str, values: Collection[str] | None) -> tuple[str, list[str]]:
    """A further condition, with its values: a column is one of these. None: nothing is asked of it."""
    if values is None:
        return "", []
    return f" AND {column} IN ({', '.join(['%s'] * len(values))})" if values else " AND 1 = 0", sorted(values)
