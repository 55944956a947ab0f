"""Stores plans (product.md D1): a row with the totals, and a change row for each dossier that the plan touches."""

import uuid
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from instroom.core.fields import Kind
from instroom.core.keys import key
from instroom.core.plan.guards import is_sensitive
from instroom.core.plan.model import Change, Plan
from instroom.store import models
from instroom.store.ids import new_ids
from instroom.store.sql import records, statements

_CHANGE_COLUMNS = (
    "id",
    "environment_id",
    "plan_id",
    "kind",
    "dossier",
    "action",
    "link",
    "row",
    "extern_source",
    "extern_id",
    "before",
    "after",
    "company_before",
    "company_after",
    "sensitive",
)


def save(environment: models.Environment, delivery: models.Delivery, plan: Plan, at: datetime) -> models.Plan:
    """Store a plan, in the caller's transaction. Replaces an earlier plan of the delivery that was not executed."""
    delivery.plans.filter(environment=environment, state=models.Plan.PLANNED).delete()
    row = models.Plan.objects.create(
        environment=environment,
        delivery=delivery,
        digest=plan.digest,
        totals=plan.totals,
        basis=pack({"company": _as_tuples(plan.companies), "person": _as_tuples(plan.persons)}),
        outcomes=pack(_as_tuples(plan.outcomes)),
        made_at=at,
    )
    ids, fixed = new_ids(len(plan.changes)), (environment.id.hex, row.id.hex)
    rows = (
        (change_id, *fixed, c.kind, c.dossier, c.action, c.link, c.row, c.key[0], c.extern_id, *texts,
         c.company_before, c.company_after, is_sensitive(c))
        for change_id, c, texts in zip(ids, plan.changes, plan.encoded, strict=True)
    )  # fmt: skip
    statements.insert("store_change", _CHANGE_COLUMNS, rows)
    return row


def load_changes(plan: models.Plan) -> list[Change]:
    """The changes of a stored plan, in its order. Their version is 0: `is_stale` compares all versions at once."""
    texts = [statements.as_text(name) for name in ("before", "after")]
    ids = [statements.as_id(name) for name in ("dossier", "company_before", "company_after")]
    query = (
        f"SELECT kind, action, link, row, extern_source, extern_id, {', '.join(texts)}, {', '.join(ids)}"  # noqa: S608 - the names are ours, values are %s
        " FROM store_change WHERE plan_id = %s ORDER BY id"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [plan.id.hex])
        rows = cursor.fetchall()
    return [_change((*row[:6], orjson.loads(row[6]), orjson.loads(row[7]), *row[8:])) for row in rows]


def latest_touches(plans: Sequence[uuid.UUID]) -> list[tuple[int, str, str, str, bool]]:
    """What some executed plans, the last one first, did to each dossier: the place in `plans` of the last one that did
    it, the dossier, the action, the link, and whether it is sensitive.

    One statement by the index of the changes of a plan. It gives a row for each thing that was done to a dossier, not
    for each time.
    """
    what = f"{statements.as_id('dossier')}, action, link, sensitive"
    ids: Any = [plan.hex for plan in plans]
    if connection.vendor == "sqlite":
        ids = orjson.dumps(ids).decode()
        changes = "json_each(%s) p CROSS JOIN store_change c WHERE c.plan_id = p.value"
    else:
        changes = (
            "(SELECT id, place - 1 AS key FROM unnest(%s::uuid[]) WITH ORDINALITY AS u(id, place)) p CROSS JOIN LATERAL"
            " (SELECT * FROM store_change WHERE plan_id = p.id OFFSET 0) c"
        )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MIN(p.key), {what} FROM {changes} GROUP BY 2, 3, 4, 5", [ids])  # noqa: S608
        return [(place, dossier, action, link, bool(flag)) for place, dossier, action, link, flag in cursor.fetchall()]


def change_of(row: models.StoredChange) -> Change:
    """A row as a change of the core."""
    companies = as_hex(row.company_before), as_hex(row.company_after)
    words = row.kind, row.action, row.link
    return _change(
        (*words, row.row, row.extern_source, row.extern_id, row.before, row.after, row.dossier.hex, *companies)
    )


def _change(row: tuple[Any, ...]) -> Change:
    kind, action, link, number, source, extern_id, before, after, dossier, company_before, company_after = row
    links = (company_before, company_after, None)
    return Change(kind, dossier, 0, key(source, extern_id), extern_id, action, link, number, before, after, *links)


def remove_values(plan: models.Plan, at: datetime) -> int:
    """Blank the values and ExternIds in a plan's changes, in the caller's transaction. What is done to how many
    dossiers stays. Gives the number of changes."""
    plan.values_removed_at, plan.basis, plan.differences = at, b"", b""
    plan.save(update_fields=["values_removed_at", "basis", "differences"])
    return models.StoredChange.objects.filter(plan=plan).update(before={}, after={}, extern_id="")


def is_stale(plan: models.Plan) -> bool:
    """Whether a dossier has changed since the plan was based on it (D5). One query for each kind and source."""
    basis = unpack(plan.basis)
    environment = plan.environment_id.hex
    kinds: tuple[Kind, ...] = ("company", "person")
    for kind in kinds:
        seen = {(key[0], key[1]): (dossier, version) for key, dossier, version in basis[kind]}
        current = records.versions(environment, kind, seen)
        if current != {key: value for key, value in seen.items() if value[1]}:
            return True
    return False


def outcomes(plan: models.Plan) -> list[tuple[int, str, int | None, int | None]]:
    """The outcome of each record: (row, word, index of its company, index of its person)."""
    return [(row, word, company, person) for row, word, company, person in unpack(plan.outcomes)]


def pack(value: Any) -> bytes:
    return zlib.compress(orjson.dumps(value), 1)


def _as_tuples(records: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Named tuples as plain ones: orjson would look up the type of each (measured: 4 ms for 10,000)."""
    return list(map(tuple, records))


def unpack(blob: bytes | memoryview) -> Any:
    """The content of `Plan.basis` or `Plan.outcomes`."""
    return orjson.loads(zlib.decompress(blob))


def as_hex(value: uuid.UUID | None) -> str | None:
    """An id as the core writes it: 32 hexadecimal digits."""
    return value.hex if value else None
