"""Loads the dossiers that a file names, and applies a plan's changes to them (product.md D1, D6)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

import orjson
from django.db import connection

from instroom.core.fields import FIELDS, Kind
from instroom.core.keys import Key
from instroom.core.model import Pair
from instroom.core.plan.model import SEPARATOR, Change, Dossiers, Known, Stored
from instroom.store.ids import new_ids
from instroom.store.sql import statements
from instroom.store.sql.dossier_counts import add_to_counts
from instroom.store.sql.tables import TABLES, DossierTable

_BLANKS = repeat("")
_BATCH = 2000  # dossiers read at once


def load_known(environment: str, companies: Collection[Key], persons: Collection[Key]) -> Known:
    """The stored dossiers with these keys, by one query for each source and kind. `environment` is an id as 32 hex
    digits."""
    return Known(load_by_keys(environment, "company", companies), load_by_keys(environment, "person", persons))


def load_by_keys(environment: str, kind: Kind, keys: Collection[Key]) -> Dossiers:
    """The stored dossiers of one kind, by key."""
    rows = fetch_by_keys(environment, kind, _selected(TABLES[kind]), keys)
    return {stored.key: stored for stored in map(_stored, rows)}


def fetch_by_keys(environment: str, kind: Kind, columns: Sequence[str], keys: Collection[Key]) -> list[statements.Row]:
    """Columns of the stored dossiers with these keys, by one query for each source."""
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, key in keys:
        by_source[source].append(key)
    where, found = f"{statements.in_environment()} AND d.extern_source = %s", []
    for source, values in by_source.items():
        found += statements.fetch_by(f"store_{kind}", columns, "extern_id_key", values, where, environment, source)
    return found


def load_by_ids(kind: Kind, ids: Collection[str]) -> dict[str, Stored]:
    table = TABLES[kind]
    rows = statements.fetch_by(table.name, _selected(table), "id", list(ids))
    return {stored.id: stored for stored in map(_stored, rows)}


def load_linked(companies: Collection[str]) -> list[tuple[str, str]]:
    """(person id, company id) of all persons of these companies."""
    columns = (statements.as_id("d.id"), statements.as_id("d.company_id"))
    return [(row[0], row[1]) for row in statements.fetch_by("store_person", columns, "company_id", list(companies))]


def versions(environment: str, kind: Kind, keys: Collection[Key]) -> dict[Key, tuple[str, int]]:
    """Id and version of the stored dossiers with these keys (D5)."""
    columns = ("d.extern_source", "d.extern_id_key", statements.as_id("d.id"), "d.version")
    return {
        (source, key): (id_, version) for source, key, id_, version in fetch_by_keys(environment, kind, columns, keys)
    }


def apply(environment: str, changes: Sequence[Change]) -> None:
    """Write the changes to the dossiers, in the caller's transaction.

    Companies are added before the persons that are linked to them, and removed after them.
    """
    growth = {}
    for kind, table in TABLES.items():
        own = [change for change in changes if change.kind == kind]
        new = [change for change in own if change.action == "new"]
        statements.insert(table.name, table.columns, _new_rows(table, environment, new))
        if len(new) < len(own):
            _update(table, own)
        growth[kind] = len(new) - sum(change.action == "removed" for change in own)
    for table in (TABLES["person"], TABLES["company"]):
        gone = [change.dossier for change in changes if change.kind == table.kind and change.action == "removed"]
        statements.delete(table.name, gone)
    add_to_counts(environment, growth["company"], growth["person"])
    _add_categories(environment, changes)


def _update(table: DossierTable, changes: Iterable[Change]) -> None:
    """One statement for each set of columns that change together."""
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for change in changes:
        if change.action in ("changed", "unchanged"):
            after = dict(change.after)
            if change.link:
                after["company"] = change.company_after
            if after:
                values = (encode(value) if isinstance(value, (list, dict)) else value for value in after.values())
                groups[tuple(after)].append((*values, change.dossier))
    for fields, rows in groups.items():
        statements.update(table.name, [table.column(field) for field in fields], rows)


def _new_rows(table: DossierTable, environment: str, changes: Iterable[Change]) -> Iterator[tuple[Any, ...]]:
    person, names = table.kind == "person", FIELDS[table.kind]
    for change in changes:
        after, (source, key) = change.after, change.key
        yield (
            change.dossier, environment, 1, source, change.extern_id, key,
            *(change.fields or map(after.get, names, _BLANKS)),
            encode(after["categories"]) if "categories" in after else "[]",
            encode(after["free_fields"]) if "free_fields" in after else "{}",
            *((change.company_after,) if person else ()),
        )  # fmt: skip


def encode(value: list[Any] | dict[str, str]) -> str:
    """Categories or free fields as JSON, as their columns store them."""
    return orjson.dumps(value).decode()


def _add_categories(environment: str, changes: Iterable[Change]) -> None:
    """Add the categories that do not exist yet (B8)."""
    named: set[Pair] = set()
    for change in changes:
        if "categories" in change.after:
            named.update(map(tuple, change.after["categories"]))
    if not named:
        return
    groups = sorted({group for group, _ in named})
    rows = statements.fetch_by(
        "store_category", ('d."group"', "d.name"), '"group"', groups, statements.in_environment(), environment
    )
    missing = sorted(named.difference((row[0], row[1]) for row in rows))
    ids = new_ids(len(missing))
    statements.insert(
        "store_category",
        ("id", "environment_id", "group", "name"),
        [(row_id, environment, group, name) for row_id, (group, name) in zip(ids, missing, strict=True)],
    )


def _selected(table: DossierTable) -> list[str]:
    link = statements.as_id("d.company_id") if table.kind == "person" else "NULL"
    own = (statements.as_id("d.id"), "d.version", "d.extern_source", "d.extern_id_key", "d.extern_id")
    values = statements.joined([f"d.{name}" for name in table.fields], SEPARATOR)
    return [*own, values, statements.as_text("d.categories"), statements.as_text("d.free_fields"), link]


def _stored(row: tuple[Any, ...]) -> Stored:
    dossier, version, source, key, extern_id, text, categories, free_fields, company = row
    return Stored(dossier, version, (source, key), extern_id, text, _pairs(categories), _mapping(free_fields), company)


@lru_cache(maxsize=20_000)
def _pairs(text: str) -> tuple[Pair, ...]:
    return tuple((group, name) for group, name in orjson.loads(text))


@lru_cache(maxsize=20_000)
def _mapping(text: str) -> tuple[Pair, ...]:
    return tuple(sorted(orjson.loads(text).items()))


def all_dossiers(environment: str, kind: Kind) -> Iterator[Stored]:
    """Every dossier of a kind in an environment, in order of key, read 2000 at a time."""
    table, last = TABLES[kind], ("", "")
    selected = ", ".join(_selected(table))
    query = (
        f"SELECT {selected} FROM {table.name} d WHERE d.environment_id = %s"  # noqa: S608 - the names are ours, values are %s
        " AND (d.extern_source, d.extern_id_key) > (%s, %s) ORDER BY d.extern_source, d.extern_id_key LIMIT %s"
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, [environment, *last, _BATCH])
            batch = [_stored(row) for row in cursor.fetchall()]
        yield from batch
        if len(batch) < _BATCH:
            return
        last = batch[-1].key


def companies_with_persons(environment: str, *, sources: Collection[str] | None) -> set[str]:
    """Ids of the companies that have at least one person, of these sources where they are given."""
    within, named = statements.within("d.extern_source", sources)
    query = f"SELECT DISTINCT {statements.as_id('d.company_id')} FROM store_person d WHERE d.environment_id = %s"  # noqa: S608 - the names are ours, values are %s
    with connection.cursor() as cursor:
        cursor.execute(f"{query} AND d.company_id IS NOT NULL{within}", [environment, *named])
        return {row[0] for row in cursor.fetchall()}
