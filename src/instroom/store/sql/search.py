"""Searches an environment's dossiers by the index of their words: within 100 ms among a million (ADR 0049).

`sources` are those that may be seen, None all of them; no search leaves that to a default."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

import orjson
from django.db import connection

from instroom.core.fields import Kind
from instroom.core.keys import id_key
from instroom.core.search.question import Question, Way
from instroom.core.search.words import fold
from instroom.store.search_index import environment_word, words_sql
from instroom.store.sql import statements
from instroom.store.sql.tables import TABLES

Sources = Collection[str] | None
_MOST_SOURCES: Final = 50
_SORTED_BY: Final[dict[Kind, tuple[str, ...]]] = {"company": ("name",), "person": ("surname", "first_name")}


class Narrowing(NamedTuple):
    """Of the dossiers that a question means, those that are wanted; None and "" are all of them."""

    companies: Collection[str] | None = None
    """Ids, of persons' companies."""
    department: str = ""
    """How a person's department begins."""
    active: bool | None = None


EVERY: Final = Narrowing()


def find_ids(
    environment: str, kind: Kind, question: Question, most: int, *, sources: Sources, narrowing: Narrowing = EVERY
) -> list[str]:
    """Ids of the dossiers that a question means, in order of name. Of more than `most` it is any so many. A question
    that asks nothing means the persons of the companies of the `narrowing`."""
    columns = ", ".join((statements.as_id("d.id"), *(f"d.{name}" for name in _SORTED_BY[kind])))
    if question.parts:
        query, values = _matching(environment, kind, question, columns, sources)
    elif narrowing.companies is None:
        return []
    else:
        within, values = statements.within("d.extern_source", sources)
        query = f"SELECT {columns} FROM store_{kind} d WHERE 1 = 1{within}"  # noqa: S608 - the names are ours, values are %s
    condition, more = _narrowed(narrowing)
    with connection.cursor() as cursor:
        cursor.execute(f"{query}{condition} LIMIT %s", [*values, *more, most])
        rows = cursor.fetchall()
    return [row[0] for row in sorted(rows, key=lambda row: (*map(fold, row[1:]), row[0]))]


def _narrowed(narrowing: Narrowing) -> tuple[str, list[str]]:
    """Further conditions, with their values."""
    condition, values = statements.within("d.company_id", narrowing.companies)
    if narrowing.department:
        like = "LIKE" if connection.vendor == "sqlite" else "ILIKE"
        condition += f" AND d.department {like} %s ESCAPE '!'"
        values.append(re.sub("([!%_])", r"!\1", narrowing.department) + "%")
    if narrowing.active is not None:
        condition += f" AND d.active {'<>' if narrowing.active else '='} 'Nee'"
    return condition, values


def count(environment: str, kind: Kind, question: Question, most: int, *, sources: Sources) -> int:
    """How many dossiers a question means; `most` where they are more."""
    query, values = _matching(environment, kind, question, "1", sources)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({query} LIMIT %s) found", [*values, most])  # noqa: S608 - the names are ours, values are %s
        return int(cursor.fetchone()[0])


def known_words(environment: str, kind: Kind, words: Collection[str], *, sources: Sources) -> set[str]:
    """Those of these words that a dossier has. Most are nobody's: these go first, by a question that costs less."""
    anybodys = _known(kind, {word: _quoted(word) for word in words}, None)
    within = {word: _all([_quoted(environment_word(environment)), _quoted(word)]) for word in anybodys}
    return _known(kind, within, sources)


def _known(kind: Kind, asked: Mapping[str, str], sources: Sources) -> set[str]:
    """The words whose question a dossier answers."""
    within, named = statements.within("d.extern_source", sources)
    if connection.vendor == "sqlite":
        values: list[Any] = [orjson.dumps(asked).decode()]
        query = (
            f"SELECT k.key FROM json_each(%s) k WHERE EXISTS (SELECT 1 FROM store_{kind}_words w"  # noqa: S608 - the names are ours, values are %s
            f" CROSS JOIN store_{kind} d ON d.rowid = w.rowid WHERE w.store_{kind}_words MATCH k.value{within})"
        )
    else:
        values = [list(asked), list(asked.values())]
        query = (
            "SELECT k.word FROM unnest(%s::text[], %s::text[]) k(word, asked) CROSS JOIN LATERAL"  # noqa: S608 - the names are ours, values are %s
            f" (SELECT 1 FROM store_{kind} d WHERE {_words(kind)} @@ k.asked::tsquery{within} LIMIT 1) d"
        )
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, *named])
        return {row[0] for row in cursor.fetchall()}


def by_key(environment: str, kind: Kind, text: str, most: int, *, sources: Sources) -> list[str]:
    """Ids of the dossiers with this ExternId, in any source. Upper and lower case are the same."""
    found: list[str] = []
    query = (
        f"SELECT {statements.as_id('id')} FROM {TABLES[kind].name} WHERE environment_id = %s"  # noqa: S608 - the names are ours, values are %s
        " AND extern_source = %s AND extern_id_key = %s ORDER BY id LIMIT %s"
    )
    seen = _sources(environment, kind) if sources is None else sorted(sources)
    with connection.cursor() as cursor:
        for source in seen:
            cursor.execute(query, [environment, source, id_key(text), most])
            found += [row[0] for row in cursor.fetchall()]
    return found[:most]


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


def _by_code_point(column: str) -> str:
    return column if connection.vendor == "sqlite" else f'{column} COLLATE "C"'


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


def _matching(
    environment: str, kind: Kind, question: Question, columns: str, sources: Sources
) -> tuple[str, list[str]]:
    """The statement that reads columns of the dossiers `d` that a question means, with its values."""
    asked, (within, named) = _asked(environment, question), statements.within("d.extern_source", sources)
    if connection.vendor == "sqlite":
        # CROSS JOIN: SQLite would rather walk through an index of sources
        tables = f"store_{kind}_words w CROSS JOIN store_{kind} d ON d.rowid = w.rowid"
        # the environment again: even an index that is untrue shows nothing of another customer
        where, values = f"w.store_{kind}_words MATCH %s AND d.environment_id = %s", [asked, environment]
    else:
        tables, where, values = f"store_{kind} d", f"{_words(kind)} @@ %s::tsquery", [asked]
    query = f"SELECT {columns} FROM {tables} WHERE {where}{within}"  # noqa: S608 - the names are ours, values are %s
    return query, [*values, *named]


def _words(kind: Kind) -> str:
    return words_sql(kind, "d.").replace("%", "%%")


_AND: Final = {"sqlite": " AND ", "postgresql": " & "}
_OR: Final = {"sqlite": " OR ", "postgresql": " | "}


def _asked(environment: str, question: Question) -> str:
    """The question in the language of the index."""
    meant = _all(_any(map(_way, part.ways)) for part in question.parts)
    if question.whole:
        meant = _any([meant, _quoted(f"{question.whole}*")])
    return _all([_quoted(environment_word(environment)), meant])


def _way(way: Way) -> str:
    return _all(map(_quoted, way))


def _all(conditions: Iterable[str]) -> str:
    return f"({_AND[connection.vendor].join(conditions)})"


def _any(conditions: Iterable[str]) -> str:
    return f"({_OR[connection.vendor].join(conditions)})"


def _quoted(word: str) -> str:
    """No word has a sign of these languages, but for the * at the end of the beginning of one."""
    if connection.vendor == "sqlite":
        return f'"{word[:-1]}" *' if word.endswith("*") else f'"{word}"'
    return f"'{word[:-1]}':*" if word.endswith("*") else f"'{word}'"
