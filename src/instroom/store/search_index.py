"""The index of the words by which dossiers are found. The database itself keeps it, whoever writes a dossier.

PostgreSQL has a GIN index of an expression. SQLite has a full-text table without content. Triggers write down there
which dossiers are new, other or gone, and all of them are indexed at once before a commit: a full-text table writes to
its file after each statement, which for each dossier apart makes a first import twice as long. Those that were there
before the table are its backlog (`store.words_backlog`).

Both make the words of `core.search.words`; other words need a migration that installs the index anew. So does one for
which SQLite makes a table of dossiers anew, since the triggers go with the old table.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

from django.db import transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from instroom.core.fields import Kind
from instroom.core.search import words
from instroom.store.models import column_name
from instroom.store.postgresql.base import DatabaseWrapper

FIELD_END: Final = "\x1f"
_ENVIRONMENT: Final = "qzx"
"""With it begins the word that all dossiers of an environment have. No name or number does: who typed the beginning of
such a word would find them all."""
BACKLOG: Final = "store_words_backlog"
"""For each kind, the numbers of the rows that SQLite has still to index: above `done`, up to `last`."""
KINDS: Final[tuple[Kind, ...]] = ("company", "person")
_SECONDS: Final = 300
"""That PostgreSQL waits for transactions that began before. Nobody waits behind it."""
_FUNCTION: Final = """
    CREATE OR REPLACE FUNCTION search_words(joined text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$
    BEGIN
        IF octet_length(joined) = char_length(joined) THEN
            joined := lower(joined COLLATE "C");
            joined := replace(replace(replace(replace(joined, '|', ' '), '.', ' '), '-', ' '), '''', ' ');
            IF joined !~ '[^a-z0-9 ]' THEN RETURN joined::tsvector; END IF;
            RETURN regexp_replace(joined, '[^a-z0-9]+', ' ', 'g')::tsvector;
        END IF;
        joined := lower(regexp_replace(normalize(joined, NFD), '[MARKS]', '', 'g'));
        RETURN regexp_replace(PLAIN, '[GAP]+', ' ', 'g')::tsvector;
    END $$
"""
"""Its COST keeps PostgreSQL from reading a whole table where it thinks that a word is common. The usual signs of ASCII
go by replace(), which takes half as long as a regular expression does; most texts then have no other."""


@cache
def words_sql(kind: Kind, row: str = "") -> str:
    """For PostgreSQL: an expression for the words of a dossier, with that of its environment, as a tsvector. `row` goes
    before its columns."""
    names = _listed(row, words.NAMES[kind], " ") + f" || ' ' || substr({row}{words.INITIAL[kind]}, 1, 1)"
    padded = [f"ltrim({row}{column}, '0')" for column in ("extern_id_key", *map(column_name, words.PADDED[kind]))]
    numbers = _without(" || '|' || ".join([f"{row}extern_id_key", _listed(row, words.NUMBERS[kind], "|"), *padded]))
    phones = _without(f"'|' || {_listed(row, words.PHONES[kind], '|')}", keep="+")
    for one, other in (("|+", "|00"), ("|0031", "|0"), ("|00", "|0"), ("+", "")):
        phones = f"replace({phones}, '{one}', '{other}')"
    days = [f"replace({row}{name}, '-', '')" for name in words.DATES[kind]]
    environment = f"'{_ENVIRONMENT}' || replace({row}environment_id::text, '-', '')"
    text = " || ' ' || ".join([names, numbers, phones, *days, environment])
    return f"search_words({text})"


def environment_word(environment: str) -> str:
    """The word that all dossiers of an environment have. `environment` is an id as 32 hex digits."""
    return f"{_ENVIRONMENT}{environment}"


def install(editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index, of all dossiers that are there. Outside of a transaction: PostgreSQL makes it beside others'
    work, and one that was not finished is made anew."""
    remove(editor)
    if isinstance(database := editor.connection, DatabaseWrapper):
        plain = "joined"
        for letter, other in words.LETTERS.items():
            for one in (letter, letter.upper()):  # lower() of a database in the locale C knows ASCII alone
                plain = f"replace({plain}, '{one}', '{other}')" if not one.isascii() else plain
        function = _FUNCTION.replace("MARKS", words.MARKS).replace("PLAIN", plain).replace("GAP", words.GAP)
        editor.execute(function, None)
        with database.waiting_for_locks(_SECONDS):
            for kind in KINDS:
                index = f"{kind}_words ON store_{kind} USING gin ({words_sql(kind)})"
                editor.execute(f"CREATE INDEX CONCURRENTLY {index}", None)
    else:
        with transaction.atomic():
            editor.execute(f"CREATE TABLE {BACKLOG} (kind text PRIMARY KEY, done integer, last integer)", None)
            for kind in KINDS:
                for statement in _sqlite(kind):
                    editor.execute(statement, None)


def remove(editor: BaseDatabaseSchemaEditor) -> None:
    if isinstance(database := editor.connection, DatabaseWrapper):
        with database.waiting_for_locks(_SECONDS):
            for kind in KINDS:
                editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {kind}_words")
        editor.execute("DROP FUNCTION IF EXISTS search_words")
        return
    for kind in KINDS:
        for name in ("added", "removed", "changed"):
            editor.execute(f"DROP TRIGGER IF EXISTS {kind}_words_{name}")
        editor.execute(f"DROP TABLE IF EXISTS store_{kind}_words")
        editor.execute(f"DROP TABLE IF EXISTS store_{kind}_unindexed")
    editor.execute(f"DROP TABLE IF EXISTS {BACKLOG}")


def _sqlite(kind: Kind) -> Sequence[str]:
    table, waiting = f"store_{kind}", f"store_{kind}_unindexed"
    old, new = fields_sql(kind, "old."), fields_sql(kind, "new.")
    once = "ON CONFLICT DO NOTHING"  # not OR IGNORE, in whose place comes what the statement of the writer says
    was = f"INSERT INTO {waiting} VALUES (old.rowid, {old}) {once};"  # noqa: S608 - the names are ours
    return (
        f"CREATE VIRTUAL TABLE {table}_words USING fts5(words, content='', detail=none, columnsize=0, tokenize=ascii)",
        f"CREATE TABLE {waiting} (number integer PRIMARY KEY, fields text)",  # by which it was indexed, if it was
        f"INSERT INTO {BACKLOG} SELECT '{kind}', 0, max(rowid) FROM {table} HAVING count(*) > 0",  # noqa: S608 - ours
        f"CREATE TRIGGER {kind}_words_added AFTER INSERT ON {table}"  # noqa: S608 - the names are ours
        f" BEGIN INSERT INTO {waiting} VALUES (new.rowid, NULL) {once}; END",
        f"CREATE TRIGGER {kind}_words_removed AFTER DELETE ON {table} BEGIN {was} END",
        f"CREATE TRIGGER {kind}_words_changed AFTER UPDATE OF {', '.join(_columns(kind))} ON {table}"
        f" WHEN {old} <> {new} BEGIN {was} END",
    )


def fields_sql(kind: Kind, row: str) -> str:
    """For SQLite: an expression for the columns that `index_text` reads."""
    return f" || '{FIELD_END}' || ".join(f"{row}{column}" for column in _columns(kind))


def index_text(kind: Kind, joined: str) -> str:
    """The words by which a dossier is found, as a text for SQLite's tokenizer `ascii`."""
    environment, key, *values = joined.split(FIELD_END)
    found = words.words_text(kind, key, values)
    if not found.isascii():  # else the tokenizer does the same
        found = " ".join(words.parts_of(words.fold(found)))
    return f"{environment_word(environment)} {found}"


def _columns(kind: Kind) -> list[str]:
    return ["environment_id", "extern_id_key", *map(column_name, words.FIELDS[kind])]


def _listed(row: str, fields: Sequence[str], between: str) -> str:
    return f" || '{between}' || ".join(f"{row}{column_name(field)}" for field in fields)


def _without(text: str, keep: str = "") -> str:
    """Without what is squeezed out; values are parted by |. translate() takes three times as long as this."""
    for letter in words.SQUEEZED:
        if letter != keep:
            quoted = letter.replace("'", "''")
            text = f"replace({text}, '{quoted}', '')"
    return text
