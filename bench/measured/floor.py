"""The floor: one bare bulk insert of the rows that one of our imports has written: `floor SOURCE [--filled]`.

SOURCE is the address of the store with that import (a folder, or a postgresql:// address); the target is the store of
this process. The rows are read beforehand. A filled store has the categories already, so they are left out, and the
rows are deleted after the measurement.
"""

import sqlite3
import sys
from pathlib import Path
from typing import Any

import psycopg

from bench.measured.clock import Clock
from instroom.config import setup

setup()

from django.db import connection, transaction  # noqa: E402 (Django is loaded above)

from instroom.store.sql import statements  # noqa: E402

TABLES = (
    *("store_delivery", "store_plan", "store_company", "store_person", "store_category"),
    *("store_personkey", "store_change"),
)
_LATER = 1_000_000
Rows = tuple[list[str], list[tuple[Any, ...]]]


def read(source: str) -> dict[str, Rows]:
    """The columns and rows of each table, ready for an insert."""
    if source.startswith("postgresql:"):
        with psycopg.connect(source) as there:
            return {table: _postgresql_rows(there, table) for table in TABLES}
    with sqlite3.connect(Path(source) / "instroom.sqlite3") as here:
        found = {}
        for table in TABLES:
            cursor = here.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608 (names of our own)
            found[table] = [column[0] for column in cursor.description], cursor.fetchall()
        return found


def _postgresql_rows(there: "psycopg.Connection[Any]", table: str) -> Rows:
    """All columns as text, except bytes and integers, since COPY sends text."""
    columns = there.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
        [table],
    ).fetchall()
    selected = [f'"{name}"' if kind in ("bytea", "integer") else f'"{name}"::text' for name, kind in columns]
    query = f"SELECT {', '.join(selected)} FROM {table} ORDER BY id"  # noqa: S608 (names of our own)
    rows = there.execute(query.encode()).fetchall()
    return [name for name, _ in columns], rows


def insert(source: str, filled: bool) -> Clock:
    """Insert the rows in one transaction, and return the stopped clock."""
    found = read(source)
    if filled:
        del found["store_category"]
        columns, rows = found["store_delivery"]
        number = columns.index("number")  # the filled store has a delivery of that number already
        found["store_delivery"] = (
            columns,
            [(*row[:number], int(row[number]) + _LATER, *row[number + 1 :]) for row in rows],
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
    connection.ensure_connection()
    clock = Clock()
    with transaction.atomic():
        for table, (columns, rows) in found.items():
            statements.insert(table, columns, rows)
    clock.step("insert")
    return clock


def delete(source: str) -> None:
    """Delete the rows of `source` from this store again."""
    for table, (columns, rows) in reversed(read(source).items()):
        if table != "store_category":
            statements.delete(table, [row[columns.index("id")] for row in rows])


if __name__ == "__main__":
    stopped = insert(sys.argv[1], "--filled" in sys.argv)
    stopped.answer()
    if "--filled" in sys.argv:
        delete(sys.argv[1])
