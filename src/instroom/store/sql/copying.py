"""Replaces all dossiers of one environment by copies of another's, in SQL."""

import uuid
from collections import defaultdict

from instroom.core.fields import Kind
from instroom.core.plan.model import Stored
from instroom.store import models
from instroom.store.ids import new_ids
from instroom.store.sql import records, statements
from instroom.store.sql.tables import TABLES


def copy_dossiers(source: str, target: str) -> dict[str, int]:
    """Empty the target environment and fill it with copies of the source's dossiers, in the caller's transaction.

    A copy keeps the key of its dossier and gets a new id. Returns the number of copies of each kind.
    """
    models.Person.objects.filter(environment_id=uuid.UUID(target)).delete()
    models.Company.objects.filter(environment_id=uuid.UUID(target)).delete()
    copies: dict[str, str] = {}
    counts: dict[str, int] = defaultdict(int)
    kinds: tuple[Kind, ...] = ("company", "person")
    for kind in kinds:
        batch: list[Stored] = []
        for stored in records.all_dossiers(source, kind):
            batch.append(stored)
            if len(batch) == _BATCH:
                _write(kind, target, batch, copies)
                batch = []
            counts[kind] += 1
        _write(kind, target, batch, copies)
    models.Environment.objects.filter(pk=target).update(companies=counts["company"], persons=counts["person"])
    return dict(counts)


_BATCH = 5000  # dossiers written at once


def _write(kind: Kind, target: str, batch: list[Stored], copies: dict[str, str]) -> None:
    ids = new_ids(len(batch))
    table = TABLES[kind]
    rows = []
    for new_id, stored in zip(ids, batch, strict=True):
        if kind == "company":
            copies[stored.id] = new_id
        row = (new_id, target, 1, stored.key[0], stored.extern_id, stored.key[1], *stored.fields)
        row += (records.encode([list(pair) for pair in stored.categories]), records.encode(dict(stored.free_fields)))
        rows.append((*row, copies[stored.company] if stored.company else None) if kind == "person" else row)
    statements.insert(table.name, table.columns, rows)
