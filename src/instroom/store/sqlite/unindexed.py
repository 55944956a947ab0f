"""Before a commit SQLite indexes the words of the dossiers that its triggers wrote down (`store.search_index`)."""

import sqlite3
from functools import partial
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

_STATEMENTS: Final = (
    # what is not indexed yet has nothing to take back
    "DELETE FROM {waiting} WHERE EXISTS"
    " (SELECT 1 FROM {backlog} WHERE kind = '{kind}' AND number > done AND number <= last)",
    "INSERT INTO {index}({index}, rowid, words)"
    " SELECT 'delete', number, words_of_{kind}(fields) FROM {waiting} WHERE fields IS NOT NULL",
    "INSERT INTO {index}(rowid, words) SELECT number, words_of_{kind}({fields})"
    " FROM {waiting} CROSS JOIN store_{kind} d ON d.rowid = number",
    "DELETE FROM {waiting}",
)


class IndexesAtCommit(BaseDatabaseWrapper):
    """Nothing is committed where that fails."""

    def commit(self) -> None:
        if self.connection is not None and self.connection.in_transaction:
            try:
                self.index_words()
            except BaseException:
                self.rollback()
                raise
        super().commit()

    def index_words(self) -> None:
        """Index what waits for it, in the transaction that is under way. Every commit asks this: so it goes past
        Django, which takes ten times as long for a statement."""
        from instroom.store import search_index  # noqa: PLC0415 - the database's engine is loaded before the models

        database = self.connection
        for kind in search_index.KINDS:
            try:
                waits = database.execute(f"SELECT 1 FROM store_{kind}_unindexed LIMIT 1").fetchone()  # noqa: S608 - ours
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return  # tables of before this index
                raise
            if waits:
                text = partial(search_index.index_text, kind)
                database.create_function(f"words_of_{kind}", 1, text, deterministic=True)
                names = {"kind": kind, "index": f"store_{kind}_words", "waiting": f"store_{kind}_unindexed"}
                names["backlog"] = search_index.BACKLOG
                for statement in _STATEMENTS:
                    database.execute(statement.format(**names, fields=search_index.fields_sql(kind, "d.")))

    def index_backlog(self, most: int) -> None:
        """Index some of the dossiers that were there before the index, in the transaction that is under way."""
        from instroom.store import search_index  # noqa: PLC0415 - as above

        self.index_words()  # what an older version has written down: it indexes nothing itself
        database = self.connection
        for kind, done, last in database.execute(f"SELECT kind, done, last FROM {search_index.BACKLOG}").fetchall():  # noqa: S608 - ours
            database.create_function(f"words_of_{kind}", 1, partial(search_index.index_text, kind), deterministic=True)
            among = f"FROM store_{kind} d WHERE d.rowid > ? AND d.rowid <= ?"
            part = f"SELECT max(rowid) FROM (SELECT d.rowid {among} ORDER BY 1 LIMIT ?)"  # noqa: S608 - ours
            [[until]] = database.execute(part, [done, last, most]).fetchall()
            if until is None:
                database.execute(f"DELETE FROM {search_index.BACKLOG} WHERE kind = ?", [kind])  # noqa: S608 - ours
                continue
            words = f"SELECT d.rowid, words_of_{kind}({search_index.fields_sql(kind, 'd.')}) {among}"
            database.execute(f"INSERT INTO store_{kind}_words(rowid, words) {words}", [done, until])
            database.execute(f"UPDATE {search_index.BACKLOG} SET done = ? WHERE kind = ?", [until, kind])  # noqa: S608 - ours

    def forget_words(self) -> None:
        """Leave nothing in the file of words that no dossier has any more: a full-text table keeps them until it
        happens to merge its parts."""
        from instroom.store import search_index  # noqa: PLC0415 - as above

        self.index_words()
        with self.cursor() as cursor:
            for kind in search_index.KINDS:
                cursor.execute(f"INSERT INTO store_{kind}_words(store_{kind}_words) VALUES ('optimize')")  # noqa: S608 - ours
