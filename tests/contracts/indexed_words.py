"""The words by which dossiers are found: as the index has them, and as their fields say."""

from django.db import connection

from instroom.core.search.words import words_of
from instroom.flow.queries.dossier_names import values_of
from instroom.store.models import Environment
from instroom.store.search_index import KINDS, environment_word, words_sql
from instroom.store.sql import records

Indexed = dict[str, set[str]]


def indexed() -> Indexed:
    """Each dossier's words as the index has them."""
    found: Indexed = {}
    with connection.cursor() as cursor:
        for kind in KINDS:
            if connection.vendor == "sqlite":
                connection.index_words()
                cursor.execute(f"CREATE VIRTUAL TABLE temp.seen USING fts5vocab(main, store_{kind}_words, instance)")
                cursor.execute(f"SELECT d.id, term FROM temp.seen LEFT JOIN store_{kind} d ON d.rowid = doc")  # noqa: S608 - ours
            else:
                cursor.execute(
                    f"SELECT replace(id::text, '-', ''), unnest(tsvector_to_array({words_sql(kind)})) FROM store_{kind}"  # noqa: S608 - ours
                )
            for dossier, word in cursor.fetchall():
                found.setdefault(dossier, set()).add(word)
            if connection.vendor == "sqlite":
                cursor.execute("DROP TABLE temp.seen")
    return found


def computed() -> Indexed:
    """Each dossier's words as its fields say."""
    return {
        stored.id: words_of(kind, stored.key[1], values_of(kind, stored)) | {environment_word(place.id.hex)}
        for place in Environment.objects.all()
        for kind in KINDS
        for stored in records.all_dossiers(place.id.hex, kind)
    }
