"""What the tables of a database hold, as digests by which a copy of it is compared: in plain SQL, of the columns that
it has, so that tables of an older version can be read too."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import psycopg
from psycopg import sql

from instroom.store.sql.customer_rows import Digest

_ENVIRONMENT: Final = "environment_id"
_ENVIRONMENTS: Final = (
    "SELECT e.id, c.name || ' ' || e.name FROM store_environment e JOIN store_customer c ON c.id = e.customer_id"
)
_AS_TEXT: Final = {  # how PostgreSQL writes values, whatever the server or the role has chosen
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}


class TableDigest(NamedTuple):
    """Of one table, by environment."""

    columns: Sequence[str]
    environments: Mapping[str, str]
    """Such as `demo live` → how many rows it has, and their digest. Rows of no environment are under ""."""


def of_sqlite(
    database: sqlite3.Connection, columns: Mapping[str, Sequence[str]] | None = None
) -> dict[str, TableDigest]:
    """Of every table, or of these columns of some."""
    if columns is None:
        tables = (  # not those of an index of words
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND NOT name GLOB 'sqlite_*'"
            " AND NOT name GLOB 'store_*_words*' AND NOT name GLOB 'store_*_unindexed'"
        )
        names = [name for (name,) in database.execute(tables)]
        columns = {one: [row[1] for row in database.execute(f'PRAGMA table_info("{one}")')] for one in names}
    environments, found = dict(database.execute(_ENVIRONMENTS).fetchall()), {}
    for table, chosen in columns.items():
        first = f'"{_ENVIRONMENT}"' if _ENVIRONMENT in chosen else "''"
        listed = ", ".join(f'"{one}"' for one in chosen)
        rows = database.execute(f'SELECT {first}, {listed} FROM "{table}"')  # noqa: S608 - names of our own tables
        lines = ((row[0], json.dumps(row[1:], default=bytes.hex).encode()) for row in rows)
        found[table] = TableDigest(chosen, _by_environment(lines, environments))
    return found


def of_postgresql(
    session: psycopg.Connection, columns: Mapping[str, Sequence[str]] | None = None
) -> dict[str, TableDigest]:
    """As `of_sqlite`, in the transaction of the session."""
    for name, value in _AS_TEXT.items():
        session.execute("SELECT set_config(%s, %s, true)", [name, value])
    if columns is None:
        columns = dict(
            session.execute(
                "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c"
                " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                " WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace"
                " GROUP BY c.relname ORDER BY c.relname"
            ).fetchall()
        )
    environments = {str(one): name for one, name in session.execute(_ENVIRONMENTS)}
    return {
        table: TableDigest(chosen, _by_environment(_copied(session, table, chosen), environments))
        for table, chosen in columns.items()
    }


def differences(wanted: Mapping[str, TableDigest], found: Mapping[str, TableDigest]) -> list[str]:
    """The tables that do not hold the same, each with the environments in which they do not."""
    differing = []
    for table, one in wanted.items():
        other = found[table].environments
        names = sorted(name for name in {*one.environments, *other} if one.environments.get(name) != other.get(name))
        differing += [f"{table} ({', '.join(filter(None, names))})" if any(names) else table] * bool(names)
    return differing


def _copied(session: psycopg.Connection, table: str, columns: Sequence[str]) -> Iterable[tuple[str, bytes]]:
    """Each row as COPY writes it, behind its environment."""
    first = sql.Identifier(_ENVIRONMENT) if _ENVIRONMENT in columns else sql.SQL("''")
    query = sql.SQL("COPY (SELECT {}, {} FROM {}) TO STDOUT").format(
        first, sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table)
    )
    with session.cursor() as cursor, cursor.copy(query) as rows:
        for row in rows:
            environment, _, line = bytes(row).partition(b"\t")
            yield environment.decode("ascii"), line


def _by_environment(lines: Iterable[tuple[str, bytes]], names: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, Digest] = {}
    for environment, line in lines:
        found[environment] = found.get(environment, Digest()).plus(line)
    return {names.get(one, one): f"{digest.rows} rows, {digest.sum:064x}" for one, digest in found.items()}
