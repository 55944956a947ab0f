"""Searches an environment's dossiers by index: within 100 ms among a million.

`sources` are those that may be seen, None all of them; no search leaves that to a default."""

from collections.abc import Collection, Sequence
from typing import Final

from django.db import connection

from instroom.core.fields import Kind
from instroom.core.keys import id_key
from instroom.store.sql import statements
from instroom.store.sql.lookalikes import lower
from instroom.store.sql.tables import TABLES

_AFTER_ALL = "\U0010ffff"  # sorts after any text, by code point
_MOST_SOURCES = 50

_NAME_ORDER: Final[dict[Kind, tuple[str, ...]]] = {
    "company": ("lower(name)", "id"),
    "person": ("lower(surname)", "date_of_birth", "id"),  # as the index of SQLite has it
}
_POSTAL_CODES: Final[dict[Kind, tuple[str, ...]]] = {
    "company": ("postal_address_postal_code", "visiting_address_postal_code"),
    "person": ("home_address_postal_code",),
}
_EMAILS: Final[dict[Kind, tuple[str, ...]]] = {"company": (), "person": ("work_email", "home_email")}


Sources = Collection[str] | None


def by_key(environment: str, kind: Kind, text: str, most: int, *, sources: Sources) -> list[str]:
    """Ids of the dossiers with this ExternId, in any source. Upper and lower case are the same."""
    found: list[str] = []
    seen = _sources(environment, kind) if sources is None else sorted(sources)
    for source in seen:
        where = "extern_source = %s AND extern_id_key = %s"
        found += _ids(environment, kind, where, [source, id_key(text)], "id", most)
    return found[:most]


def by_name(environment: str, kind: Kind, text: str, most: int, after: str = "", *, sources: Sources) -> list[str]:
    """Ids of the dossiers whose name or surname starts with a text, in order of name, those after the dossier `after`.
    Upper and lower case are the same."""
    start, columns = lower(text), _NAME_ORDER[kind]
    where, values = _between(columns[0]), [start, start + _AFTER_ALL]
    order = ", ".join(column if column == "id" else _by_code_point(column) for column in columns)
    if place := _place_in_order(environment, kind, after):
        where += f" AND ({order}) > ({', '.join(['%s'] * len(place))})"
        values = [place[0], values[1], *place]
    within, named = statements.within("extern_source", sources)
    return _ids(environment, kind, where + within, [*values, *named], order, most)


def _place_in_order(environment: str, kind: Kind, dossier: str) -> list[str]:
    """The values by which a dossier is sorted; none if it does not exist."""
    if not dossier:
        return []
    columns = ", ".join(statements.as_id(column) if column == "id" else column for column in _NAME_ORDER[kind])
    with connection.cursor() as cursor:
        query = f"SELECT {columns} FROM {TABLES[kind].name} WHERE environment_id = %s AND id = %s"  # noqa: S608 - the names are ours, values are %s
        cursor.execute(query, [environment, dossier])
        return list(cursor.fetchone() or ())


def names(environment: str, surname: str, most: int, *, sources: Sources) -> list[tuple[str, str]]:
    """(id, first name, initials and prefix as one text) of the persons whose surname starts with a text."""
    start, column = lower(surname), "lower(surname)"
    within, named = statements.within("extern_source", sources)
    rest = statements.joined(["first_name", "initials", "surname_prefix"], " ")
    query = (
        f"SELECT {statements.as_id('id')}, {rest} FROM store_person"  # noqa: S608 - the names are ours, values are %s
        f" WHERE environment_id = %s AND {_between(column)}{within} ORDER BY {_by_code_point(column)} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [environment, start, start + _AFTER_ALL, *named, most])
        return [(row[0], row[1]) for row in cursor.fetchall()]


def by_postal_code(
    environment: str, kind: Kind, text: str, most: int, after: str = "", *, sources: Sources
) -> list[str]:
    """Ids of the dossiers with this postal code in one of their addresses, those after `after`."""
    return _any_of(
        environment, kind, _POSTAL_CODES[kind], "{column} = %s AND NOT {column} = ''", text, most, after, sources
    )


def by_email(environment: str, kind: Kind, text: str, most: int, after: str = "", *, sources: Sources) -> list[str]:
    """Ids of the dossiers with this e-mail address, those after `after`."""
    where = "lower({column}) = %s AND NOT {column} = ''"
    return _any_of(environment, kind, _EMAILS[kind], where, lower(text), most, after, sources)


def persons_of(company: str, start: int, most: int, *, sources: Sources) -> list[str]:
    """Ids of the persons of a company from the `start`-th on, in order of name.

    The query does not name the environment: with it, SQLite reads all persons of the environment in order of name.
    """
    order = f"{_by_code_point('lower(surname)')}, {_by_code_point('lower(first_name)')}, id"
    within, named = statements.within("extern_source", sources)
    query = (
        f"SELECT {statements.as_id('id')} FROM store_person WHERE company_id = %s{within}"  # noqa: S608 - the names are ours, values are %s
        f" ORDER BY {order} LIMIT %s OFFSET %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [company, *named, most, start])
        return [row[0] for row in cursor.fetchall()]


def count_persons_of(company: str, *, sources: Sources) -> int:
    within, named = statements.within("extern_source", sources)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM store_person WHERE company_id = %s{within}", [company, *named])  # noqa: S608 - the names are ours, values are %s
        return int(cursor.fetchone()[0])


def _any_of(
    environment: str,
    kind: Kind,
    columns: Sequence[str],
    where: str,
    text: str,
    most: int,
    after: str,
    sources: Sources,
) -> list[str]:
    """In order of id. One statement for each column, since each has its own index."""
    found: set[str] = set()
    within, named = statements.within("extern_source", sources)
    for column in columns:
        matches, values = where.format(column=column), [text]
        if after:
            matches, values = f"{matches} AND id > %s", [text, after]
        found.update(_by_id(environment, kind, matches + within, [*values, *named], most))
    return sorted(found)[:most]


def _by_id(environment: str, kind: Kind, where: str, values: Sequence[str], most: int) -> list[str]:
    """Finds the matches before sorting them: otherwise PostgreSQL walks a million ids until it has found enough."""
    query = (
        f"WITH found AS MATERIALIZED (SELECT id FROM {TABLES[kind].name} WHERE environment_id = %s AND {where})"  # noqa: S608 - the names are ours, values are %s
        f" SELECT {statements.as_id('id')} FROM found ORDER BY id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [environment, *values, most])
        return [row[0] for row in cursor.fetchall()]


def _sources(environment: str, kind: Kind) -> list[str]:
    """The sources of an environment, found by jumping through the index from one to the next."""
    query = f"SELECT min(extern_source) FROM {TABLES[kind].name} WHERE environment_id = %s AND extern_source > %s"  # noqa: S608 - the names are ours, values are %s
    sources: list[str] = []
    with connection.cursor() as cursor:
        while len(sources) < _MOST_SOURCES:
            cursor.execute(query, [environment, sources[-1] if sources else ""])
            row = cursor.fetchone()
            if row is None or row[0] is None:
                break
            sources.append(row[0])
    return sources


def _between(column: str) -> str:
    """A condition with two values, by code point: the order of the indexes that search uses."""
    return f"{_by_code_point(column)} >= %s AND {_by_code_point(column)} < %s"


def _by_code_point(column: str) -> str:
    return column if connection.vendor == "sqlite" else f'{column} COLLATE "C"'


def _ids(environment: str, kind: Kind, where: str, values: Sequence[str], order: str, most: int) -> list[str]:
    query = (
        f"SELECT {statements.as_id('id')} FROM {TABLES[kind].name}"  # noqa: S608 - the names are ours, values are %s
        f" WHERE environment_id = %s AND {where} ORDER BY {order} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [environment, *values, most])
        return [row[0] for row in cursor.fetchall()]
